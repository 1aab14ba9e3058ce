-- wrk script: the Africa's Talking call of the main menu, a new session and a new caller each. For one thread.
-- Arguments: a number below 100 that no other run on the same data has, and the path.
function init(args)
  tag, path, n = tonumber(args[1]), args[2], 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  n = n + 1
  local who = string.format("%02d%07d", tag, n)
  return wrk.format(nil, path, nil, "sessionId=ATUid_" .. who .. "&phoneNumber=%2B8801" .. who ..
    "&serviceCode=%2A384%2A123%23&networkCode=47001&text=")
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.timeout + e.status))
end
