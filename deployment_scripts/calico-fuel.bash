# bash completion for calico-fuel(8). Written by make pages of calico-fuel-plugin.
_calico_fuel() {
    local words=
    case $COMP_CWORD:${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD - 1]} in
    1:*) words='status diff explain diag render topology settings preflight hiera hold-routes packages etcd-open-ports etcd neutron-server route-reflector compute release-routes cleanup cron networks verify refresh etcd-recover etcd-backup etcd-restore forget-node remove --help --version' ;;
    *:status:--format) words='table json nagios prometheus' ;;
    *:explain:--format) words='table json' ;;
    *:render:--bird) words='1 2' ;;
    *:topology:--format) words='table json dot' ;;
    *:--file | *:--node | *:--nodes | *:--output) words='' ;;
    *:status:*) words='--nodes --format --output --help' ;;
    *:diff:*) words='--nodes --help' ;;
    *:explain:*) words='--format --help' ;;
    *:diag:*) words='--output --help' ;;
    *:render:*) words='--nodes --node --all --bird --output --file --show-secrets --help' ;;
    *:topology:*) words='--nodes --format --help' ;;
    *:settings:*) words='--help' ;;
    *:preflight:*) words='--nodes --help' ;;
    *:hiera:*) words='--nodes --dry-run --help' ;;
    *:hold-routes:*) words='--nodes --dry-run --help' ;;
    *:packages:*) words='--nodes --dry-run --help' ;;
    *:etcd-open-ports:*) words='--nodes --dry-run --help' ;;
    *:etcd:*) words='--nodes --dry-run --help' ;;
    *:neutron-server:*) words='--nodes --dry-run --help' ;;
    *:route-reflector:*) words='--nodes --dry-run --help' ;;
    *:compute:*) words='--nodes --dry-run --help' ;;
    *:release-routes:*) words='--nodes --dry-run --help' ;;
    *:cleanup:*) words='--nodes --dry-run --help' ;;
    *:cron:*) words='--nodes --dry-run --help' ;;
    *:networks:*) words='--nodes --dry-run --help' ;;
    *:verify:*) words='--nodes --help' ;;
    *:refresh:*) words='--all --help' ;;
    *:etcd-recover:*) words='--nodes --dry-run --from-this-node --new-cluster --help' ;;
    *:etcd-backup:*) words='--help' ;;
    *:etcd-restore:*) words='--dry-run --help' ;;
    *:forget-node:*) words='--force --help' ;;
    *:remove:*) words='--nodes --dry-run --with-etcd-data --help' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _calico_fuel calico-fuel
