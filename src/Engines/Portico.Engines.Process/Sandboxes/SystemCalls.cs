using System.Runtime.InteropServices;

namespace Portico.Engines.Process.Sandboxes;

/// <summary>The numbers of system calls on one kind of processor.</summary>
/// <param name="Architecture">As the kernel names it for filters (<c>AUDIT_ARCH_…</c>).</param>
/// <param name="Refused">Calls that are refused whatever their arguments are.</param>
internal sealed record SystemCalls(
    uint Architecture, bool HasX32, uint CloneProcess, uint Clone3, uint Unshare, uint Socket, uint Ioctl, uint Personality, IReadOnlyList<uint> Refused)
{
    /// <summary>Calls that have the same number on every processor.</summary>
    private static readonly uint[] Common =
    [
        425, // io_uring_setup
        426, // io_uring_enter
        427, // io_uring_register
        428, // open_tree
        429, // move_mount
        430, // fsopen
        431, // fsconfig
        432, // fsmount
        433, // fspick
        442, // mount_setattr
        443, // quotactl_fd
        467, // open_tree_attr
    ];

    /// <summary>The calls of this machine's processor; null if they are not known.</summary>
    public static SystemCalls? Current => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => X64,
        System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
        _ => null,
    };

    /// <summary>The numbers that <c>attach.pl</c> needs: prctl, setns, capset, setgroups, setresgid, setresuid, prlimit64.</summary>
    public required string ToAttach { get; init; }

    public static SystemCalls X64 { get; } = new(
        Architecture: 0xC000003E, HasX32: true, CloneProcess: 56, Clone3: 435, Unshare: 272, Socket: 41, Ioctl: 16, Personality: 135,
        [
            .. Common,
            103, // syslog
            134, // uselib
            136, // ustat
            139, // sysfs
            153, // vhangup
            155, // pivot_root
            156, // _sysctl
            161, // chroot
            163, // acct
            164, // settimeofday
            165, // mount
            166, // umount2
            167, // swapon
            168, // swapoff
            169, // reboot
            170, // sethostname
            171, // setdomainname
            172, // iopl
            173, // ioperm
            174, // create_module
            175, // init_module
            176, // delete_module
            177, // get_kernel_syms
            178, // query_module
            179, // quotactl
            180, // nfsservctl
            212, // lookup_dcookie
            227, // clock_settime
            246, // kexec_load
            248, // add_key
            249, // request_key
            250, // keyctl
            256, // migrate_pages
            279, // move_pages
            298, // perf_event_open
            300, // fanotify_init
            303, // name_to_handle_at
            304, // open_by_handle_at
            308, // setns
            312, // kcmp
            313, // finit_module
            320, // kexec_file_load
            321, // bpf
            323, // userfaultfd
        ])
    {
        ToAttach = "157 308 126 116 119 117 302",
    };

    public static SystemCalls Arm64 { get; } = new(
        Architecture: 0xC00000B7, HasX32: false, CloneProcess: 220, Clone3: 435, Unshare: 97, Socket: 198, Ioctl: 29, Personality: 92,
        [
            .. Common,
            18, // lookup_dcookie
            39, // umount2
            40, // mount
            41, // pivot_root
            42, // nfsservctl
            51, // chroot
            58, // vhangup
            60, // quotactl
            89, // acct
            104, // kexec_load
            105, // init_module
            106, // delete_module
            112, // clock_settime
            116, // syslog
            142, // reboot
            161, // sethostname
            162, // setdomainname
            170, // settimeofday
            217, // add_key
            218, // request_key
            219, // keyctl
            224, // swapon
            225, // swapoff
            238, // migrate_pages
            239, // move_pages
            241, // perf_event_open
            262, // fanotify_init
            264, // name_to_handle_at
            265, // open_by_handle_at
            268, // setns
            272, // kcmp
            273, // finit_module
            280, // bpf
            282, // userfaultfd
            294, // kexec_file_load
        ])
    {
        ToAttach = "167 268 91 159 149 147 261",
    };
}
