using System.Globalization;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Sandboxes;

/// <summary>
/// Builds the sandboxes of workloads with bubblewrap, which is started with the rights of the workload's account: namespaces of its
/// own, a root directory that shows only what the workload needs, no capabilities, and a filter for system calls.
/// </summary>
/// <param name="program">The path of bubblewrap.</param>
/// <param name="copies">Whether a directory can be shown as a copy, so that writing to it does not change it.</param>
internal sealed class Sandbox(EngineHome home, string program, BubblewrapFeatures features, bool copies)
{
    /// <summary>The descriptors at which <c>launch.sh</c> opens the arguments and the filter.</summary>
    private const int ArgumentsDescriptor = 8, FilterDescriptor = 7;

    /// <summary>The size of <c>/tmp</c> for a workload without a memory limit. It is memory, and counts towards the limit of one that has it.</summary>
    private const long UsualTemporaryBytes = 1L << 30, LeastTemporaryBytes = 64L << 20;

    private readonly IReadOnlyList<string> _machine = [.. MachineFiles.Arguments()];
    private readonly IReadOnlyList<string> _installations = MachineFiles.LinkedInstallations(home.Root);

    /// <inheritdoc cref="Sandbox"/>
    public bool Copies => copies;

    /// <summary>The command with which a workload starts. The arguments come from a descriptor, so that no list of processes shows them.</summary>
    public IReadOnlyList<string> Enter { get; } =
    [
        program, "--args", ArgumentsDescriptor.ToString(CultureInfo.InvariantCulture), "--",
        // A session of its own, so that a signal to its processes does not reach the process that stays outside.
        "/usr/bin/setsid", Workloads.Launcher.Shell, SandboxPaths.EnterScript,
    ];

    /// <param name="memoryBytes">The workload's memory limit; null for none.</param>
    public static long TemporaryBytes(long? memoryBytes) =>
        memoryBytes is { } bytes ? Math.Max(bytes / 2, LeastTemporaryBytes) : UsualTemporaryBytes;

    /// <summary>Returns the arguments of one start. In the file that <c>launch.sh</c> opens, a zero byte follows each.</summary>
    /// <param name="scratch">The directory of this start for <see cref="WorkloadView.Copied"/> and for <c>/tmp</c>; null if it has neither.</param>
    /// <param name="temporaryBytes">The size of <c>/tmp</c> in memory; null if it is a directory in <paramref name="scratch"/>.</param>
    /// <param name="names">The directory with the files that resolve names of its private network; null if it is in none.</param>
    public IEnumerable<string> ArgumentsFor(
        WorkloadView view, string hostName, string? names, IReadOnlyList<string> groups, ScratchDirectory? scratch, long? temporaryBytes)
    {
        List<string> arguments = [.. Namespaces(), "--hostname", hostName, "--uid", Inner, "--gid", Inner, "--unshare-cgroup-try"];
        arguments.AddRange(temporaryBytes is { } bytes ? Temporary(bytes) : ["--bind", scratch!.Temporary, "/tmp"]);
        arguments.AddRange(Common());
        arguments.AddRange(names is null ? MachineFiles.NameArguments() : MachineFiles.NameArguments(names));
        arguments.AddRange(["--ro-bind", home.EnterScript, SandboxPaths.EnterScript]);
        foreach (var group in groups)
            arguments.AddRange(["--ro-bind", group, ControllerOf(group)]);
        foreach (var shown in view.Shown)
            arguments.AddRange([shown.IsWritable ? "--bind" : "--ro-bind", copies && shown.Host == view.Copied ? scratch!.Copy : shown.Host, shown.Inside]);
        return arguments.Concat(["--remount-ro", "/", "--seccomp", FilterDescriptor.ToString(CultureInfo.InvariantCulture)]);
    }

    /// <summary>Returns a command that runs a tool of the engine's own on files of a workload: with the rights of its account, and without a network.</summary>
    /// <param name="hasNetwork">Whether it has the machine's network after all.</param>
    public IReadOnlyList<string> ForTool(
        Account account, WorkloadView view, string directory, IReadOnlyList<string> command, bool hasNetwork = false) =>
    [
        .. account.Prefix, program, .. Namespaces(), .. hasNetwork ? Array.Empty<string>() : ["--unshare-net"], .. Temporary(LeastTemporaryBytes), .. Common(), .. MachineFiles.NameArguments(),
        .. view.Shown.SelectMany(shown => (string[])[shown.IsWritable ? "--bind" : "--ro-bind", shown.Host, shown.Inside]),
        "--remount-ro", "/", "--setenv", "PATH", Tool.SystemPath, "--setenv", "GIT_CONFIG_GLOBAL", "/etc/gitconfig", "--chdir", directory, "--", .. command,
    ];

    /// <returns>The sandbox, or why there is none.</returns>
    public static async Task<(Sandbox? Sandbox, string? Restriction)> DetectAsync(EngineHome home, Account account, CancellationToken cancellationToken)
    {
        if (SeccompFilter.Current is null)
            return (null, "there is no filter for system calls for this kind of processor.");
        var program = Tool.SystemPath.Split(':').Select(directory => Path.Combine(directory, "bwrap")).FirstOrDefault(account.CanExecute);
        if (program is null)
            return (null, "bubblewrap is missing. Install it: apt-get install bubblewrap");
        var features = await BubblewrapFeatures.OfAsync(program, cancellationToken);
        var sandbox = new Sandbox(home, program, features, account.Numbers is not null && await CanCopyAsync(home, cancellationToken));
        var tried = await Tool.RunAsync(sandbox.ForTool(account, new WorkloadView(sandboxed: true), "/", ["/usr/bin/true"]), cancellationToken);
        return tried.Succeeded ? (sandbox, null) : (null, $"bubblewrap does not work on this machine: {tried.Error.Split('\n')[^1]}");
    }

    /// <summary>Tries to mount an overlay, because a home that lies on one itself does not allow it.</summary>
    private static async Task<bool> CanCopyAsync(EngineHome home, CancellationToken cancellationToken)
    {
        var probe = new ScratchDirectory(home, ".probe");
        probe.Delete();
        probe.MakeForCopy(account: null);
        var lower = Directory.CreateDirectory(Path.Combine(probe.Directory, "lower")).FullName;
        var mounted = await Tool.RunAsync(
            ["unshare", "--mount", "--propagation", "private", "--", "mount", "-t", "overlay", "overlay", "-o",
                $"redirect_dir=on,lowerdir={Path.GetRelativePath(home.Root, lower)},upperdir={probe.Relative}/upper,workdir={probe.Relative}/work", "--", $"{probe.Relative}/source"],
            home.Root, new Dictionary<string, string>(), cancellationToken);
        probe.Delete();
        return mounted.Succeeded;
    }

    private static string Inner { get; } = SandboxPaths.AccountNumber.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<string> Namespaces() =>
        ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", .. features.DisablesUserNamespaces ? ["--disable-userns"] : Array.Empty<string>()];

    private IEnumerable<string> Temporary(long bytes) =>
        ["--perms", "1777", .. features.LimitsSize ? ["--size", bytes.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(), "--tmpfs", "/tmp"];

    private List<string> Common()
    {
        List<string> arguments = [.. _machine, "--proc", "/proc", "--dev", "/dev", "--dir", "/run", "--symlink", "/run", "/var/run", "--symlink", "/tmp", "/var/tmp"];
        foreach (var name in SandboxFiles.Names)
            arguments.AddRange(["--ro-bind", Path.Combine(home.SandboxFiles, name), $"/etc/{name}"]);
        foreach (var installation in _installations)
            arguments.AddRange(["--ro-bind-try", installation, installation]);
        return arguments;
    }

    /// <summary>
    /// Returns where a workload finds its own control group. Runtimes read their memory limit there. In version 1 each controller has a
    /// directory of its own: <c>/sys/fs/cgroup/memory</c>.
    /// </summary>
    private static string ControllerOf(string group)
    {
        const string Root = "/sys/fs/cgroup";
        var parts = Path.GetRelativePath(Root, group).Split('/');
        return File.Exists(Path.Combine(group, "cgroup.controllers")) ? Root : Path.Combine(Root, parts[0]);
    }
}
