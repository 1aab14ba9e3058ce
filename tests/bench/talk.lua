-- wrk script: whole sessions of eight turns, one after the other; as many threads as connections, for each thread talks alone.
local threads = 0
function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

local texts = { "", "1", "1*1", "1*1*0", "1*1*0*2", "1*1*0*2*0", "1*1*0*2*0*6", "1*1*0*2*0*6*0" }

function init(args)
  tag, path, n, step = args[1], args[2], 0, #texts
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  step = step + 1
  if step > #texts then
    step, n = 1, n + 1
  end
  local who = string.format("%s%d%07d", tag, id, n)
  return wrk.format(nil, path, nil, "sessionId=ATUid_" .. who .. "&phoneNumber=%2B8801" .. who ..
    "&serviceCode=%2A384%2A123%23&networkCode=47001&text=" .. texts[step]:gsub("%*", "%%2A"))
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.timeout + e.status))
end
