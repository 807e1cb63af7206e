# RPM %pre: an older Fuel would register this package format, and then fail to
# create any environment. From Fuel 8.0 on /etc/fuel_release has the release;
# before, /etc/fuel/version.yaml has it. Only built-ins of sh, and no percent
# sign: rpmbuild would expand it.
release=
if [ -r /etc/fuel_release ]; then
    read -r release </etc/fuel_release
elif [ -r /etc/fuel/version.yaml ]; then
    while IFS=" \"'" read -r key value rest; do
        [ "$key" = release: ] && release=$value
    done </etc/fuel/version.yaml
fi
case $release in
[0-8].*)
    echo "calico-fuel-plugin: this RPM is for Fuel 9.0 to 9.2, and this master is Fuel $release." \
        "Nothing was installed. Take the RPM for Fuel 6.1 to 8.0 instead:" \
        "fuel plugins --install calico-fuel-plugin-*.fuel-6.1-8.0.noarch.rpm" >&2
    exit 1
    ;;
esac
