#!/bin/sh
# What `make install` puts in place runs from any folder: configuration, menus, profiles, keys and secrets find each other.
# timeout: 600
cd "$(dirname "$0")/../.." || exit 1
folder=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid"; rm -rf "$folder"' EXIT
failed=0
check() {
    name=$1
    shift
    if said=$("$@" 2>&1); then echo "ok $name"; else failed=1; echo "not ok $name: $(echo "$said" | tail -n 1)"; fi
}

check "it installs" make -s install PREFIX="$folder/usr" SYSCONFDIR="$folder/etc" LOCALSTATEDIR="$folder/var" RUNSTATEDIR="$folder/run"
unit=$folder/usr/lib/systemd/system/helpline.service conf=$folder/etc/helpline/helpline.conf
check "no placeholder is left in the unit" sh -c "! grep -E '@[A-Z]+@' '$unit'"
check "no path of a checkout is left in the configuration" sh -c "! grep -E '\"@?\.helpline|= \"(menus|conf)' '$conf'"
check "what publishes and explains the desk is there" test -f "$folder/usr/share/helpline/examples/nginx-desk.conf" -a -f "$folder/usr/share/helpline/examples/DESK.md"
echo '# edited' >>"$conf"
check "it installs again" make -s install PREFIX="$folder/usr" SYSCONFDIR="$folder/etc" LOCALSTATEDIR="$folder/var" RUNSTATEDIR="$folder/run"
check "a configuration that is there is kept" grep -q '# edited' "$conf"

mkdir -p "$folder/run/helpline" "$folder/var/lib/helpline" "$folder/elsewhere"
chmod 700 "$folder/var/lib/helpline"
cd "$folder/elsewhere" || exit 1
helpline="$folder/usr/bin/helpline"
serve=$(sed -n 's/^ExecStart=//p' "$unit")
check "the unit starts this program" test "$serve" = "$helpline serve --config $conf"
check "keys and secrets are made" "$helpline" keygen --secrets --config "$conf"
check "they lie apart from the data" test -f "$folder/var/lib/helpline-keys/keys" -a -f "$folder/var/lib/helpline-keys/secrets/at-ussd"
check "none for channels that are switched off" test ! -e "$folder/var/lib/helpline-keys/secrets/plivo"
check "all of it holds" "$helpline" check --config "$conf"
$serve --set listen.webhooks=unix:"$folder/run/webhooks" --set listen.console=unix:"$folder/run/console" >"$folder/out" 2>&1 &
pid=$!
for _ in $(seq 600); do [ -S "$folder/run/webhooks" ] && grep -q '^dial it' "$folder/out" && break; sleep 0.1; done
check "it serves" sh -c "printf '1\n' | '$helpline' dial at-ussd --config '$conf' --at unix:'$folder/run/webhooks' | grep -q 'Find services'"
check "its control socket is found" "$helpline" channels --config "$conf"
check "the first administrator is made" sh -c "'$helpline' user add ada --shown Ada --role admin --config '$conf' | grep -q 'with this password'"
check "the audit is whole" "$helpline" verify --audit --config "$conf"
check "an export finds its data" sh -c "'$helpline' export turns --config '$conf' | grep -q 'Find services'"
check "nothing is made where a verb was started" sh -c "[ -z \"\$(ls -A '$folder/elsewhere')\" ]"
kill "$pid" && wait "$pid"
pid=
exit $failed
