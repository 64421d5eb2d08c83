using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Postgres;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Hosting;

namespace Portico.Engines.Process.Workloads;

/// <summary>Resolves the paths, programs and variables of a requested workload, so that it can be started.</summary>
internal sealed class WorkloadPlan(EngineHome home, Account account, RuntimeCatalog runtimes, PostgresServers postgres, Artifacts artifacts, DiskMounts disks, InheritedVariables inherited)
{
    /// <exception cref="MissingRuntimeException">The toolchain or program is not installed.</exception>
    /// <exception cref="RunFailure">The directory is not in the artifact, or the variables are too large.</exception>
    /// <param name="instance">The id of the instance or job.</param>
    /// <param name="secrets">The directory to which <see cref="MakeSecrets"/> wrote the revision's secret files.</param>
    public LaunchSpec ForRevision(Revision revision, Command command, string instance, int? port, string logPath, string secrets)
    {
        var toolchain = revision.Artifact is { } built ? artifacts.ToolchainOf(built) : UsedToolchain.Default;
        if (toolchain.Fetched.FirstOrDefault(fetched => !System.IO.Directory.Exists(fetched)) is { } gone)
            throw new RunFailure($"The toolchain {gone} that this was built with no longer exists. Deploy the service again.");
        var installed = revision.Artifact is { } of ? GlobalsOf(of, revision.Owner) : null;
        var path = (installed?.Path ?? []).Concat(toolchain.Path).Concat(PathFor(revision.Runtime)).ToArray();
        var ownerHome = MakeHome(revision.Owner);
        var directory = Directory(revision, ownerHome);
        var artifact = revision.Artifact is { } id ? RealPath.Resolve(home.Artifact(id)) : null;
        var mounts = disks.For(revision, artifact);
        return new LaunchSpec
        {
            Command = Resolve(command, path, revision),
            Directory = DiskMounts.Seen(directory, artifact, mounts),
            Disk = revision.Disk is { } disk ? disks.ImageOf(disk) : null,
            Mounts = [.. mounts, .. MountsOf(revision.SecretFiles, secrets)],
            Secrets = SecretsOf(revision.SecretFiles, secrets),
            Environment = Checked(WithVirtualEnvironment(directory, WorkloadEnvironment.Make(
                path, ownerHome, account.Name, inherited.ForInstances, (installed?.Variables ?? []).Concat(WorkloadEnvironment.ForInstance(revision, instance, port))))),
            LogPath = logPath,
            Limits = revision.Limits,
        };
    }

    /// <param name="directory">The service's root directory in the checkout.</param>
    /// <param name="secrets">The directory to which <see cref="MakeSecrets"/> wrote the build's secret files.</param>
    public LaunchSpec ForBuild(BuildRequest build, UsedToolchain toolchain, string directory, string logPath, string secrets)
    {
        string[] programs = [.. toolchain.Path, .. runtimes.PathFor(build.Runtime)];
        var installed = MakeGlobals(Artifacts.Of(build.Id), build.Owner, programs);
        return new LaunchSpec
        {
            Command = [Launcher.Shell, "-c", build.Command!],
            Directory = directory,
            Environment = Checked(WithVirtualEnvironment(directory, WorkloadEnvironment.Make(
                [.. installed.Path, .. programs], MakeHome(build.Owner), account.Name, inherited.ForBuilds,
                HeadersOf(toolchain).Concat(installed.Variables).Concat(build.Environment)))),
            LogPath = logPath,
            Limits = build.Limits,
            Background = true,
            Mounts = MountsOf(build.SecretFiles, secrets),
            Secrets = SecretsOf(build.SecretFiles, secrets),
        };
    }

    private GlobalPrograms? GlobalsOf(ArtifactId artifact, string owner) =>
        System.IO.Directory.Exists(home.GlobalProgramsOf(artifact)) ? new GlobalPrograms(home.GlobalProgramsOf(artifact), home.OwnerHome(owner)) : null;

    /// <summary>Creates an empty directory that belongs to the workload, for each build and for each repeated preparation.</summary>
    private GlobalPrograms MakeGlobals(ArtifactId artifact, string owner, IReadOnlyList<string> path)
    {
        var globals = new GlobalPrograms(home.GlobalProgramsOf(artifact), home.OwnerHome(owner));
        if (System.IO.Directory.Exists(globals.Directory))
            System.IO.Directory.Delete(globals.Directory, recursive: true);
        foreach (var directory in globals.Directories)
            account.MakeDirectory(directory);
        LinkDownloads(globals, owner);
        // Corepack installs its programs in the directory in which it was found.
        if (runtimes.Find("corepack", path) is { } corepack)
            File.CreateSymbolicLink(globals.LinkTo(corepack), corepack);
        foreach (var manager in PythonToolchain.Managers)
            if (runtimes.Find(manager, path) is null && runtimes.FindInstalled(manager) is { } installed)
                File.CreateSymbolicLink(globals.LinkTo(installed), installed);
        return globals;
    }

    /// <summary>The links lead to directories of the engine: in the home, a workload could replace one by a link to anywhere.</summary>
    private void LinkDownloads(GlobalPrograms globals, string owner)
    {
        EngineHome.MakePassable(home.OwnerDownloads(owner));
        foreach (var (link, name) in globals.Downloads)
        {
            var target = Path.Combine(home.OwnerDownloads(owner), name);
            account.MakeDirectory(target);
            File.CreateSymbolicLink(link, target);
        }
    }

    private IReadOnlyList<string> PathFor(WorkloadRuntime runtime) => runtime.Name == Toolchain.Postgres
        ? [.. postgres.PathFor(runtime.Version), .. RuntimeCatalog.SystemDirectories]
        : runtimes.PathFor(runtime);

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(UsedToolchain toolchain) =>
        toolchain.NodeDirectory is { } node ? [new("npm_config_nodedir", node)] : [];

    /// <inheritdoc cref="InheritedVariables.Withheld"/>
    public IReadOnlyList<string> WithheldVariables => inherited.Withheld;

    /// <summary>Whether workloads see secret files at Render's path too, not only in the working directory.</summary>
    public bool ShowsSecrets => disks.CanShowSecrets;

    public void MakeSecrets(IReadOnlyDictionary<string, string> files, string directory) => RevisionFiles.Write(directory, files, account);

    public string MakeHome(string owner)
    {
        account.MakeDirectory(home.OwnerHome(owner));
        return home.OwnerHome(owner);
    }

    /// <summary>Creates the disk if it does not exist, and writes the revision's files, which may have changed.</summary>
    public void MakeStorage(Revision revision)
    {
        if (revision.Disk is { } disk)
        {
            // Durable, because the disk is found by it when its owner is deleted. It is therefore written once, and not at each start.
            if (JsonFile.Read<string>(home.DiskOwner(disk.Id)) != revision.Owner)
                JsonFile.Write(home.DiskOwner(disk.Id), revision.Owner);
            account.MakeDirectory(home.Disk(disk.Id));
        }
        RevisionFiles.Write(home.RevisionFiles(revision.Id), revision.Files, account);
    }

    private IReadOnlyList<BindMount> MountsOf(IReadOnlyDictionary<string, string> files, string directory) =>
        files.Count > 0 && disks.CanShowSecrets ? [disks.ForSecrets(directory)] : [];

    private SecretFiles? SecretsOf(IReadOnlyDictionary<string, string> files, string directory) => files.Count == 0
        ? null
        : new SecretFiles(disks.CanShowSecrets ? SecretFiles.MountPath : directory, [.. files.Keys.Order(StringComparer.Ordinal)], disks.CanShowSecrets);

    private string Directory(Revision revision, string ownerHome)
    {
        if (revision.Artifact is not { } artifact)
            return ownerHome;
        var (directory, problem) = ContainedPath.Resolve(home.Artifact(artifact), revision.WorkingDirectory);
        return directory ?? throw new RunFailure(problem!);
    }

    private IReadOnlyList<string> Resolve(Command command, IReadOnlyList<string> path, Revision revision) => command switch
    {
        Command.Shell shell => [Launcher.Shell, "-c", shell.Line],
        Command.Exec exec => [runtimes.Resolve(exec.Program, path), .. exec.Arguments.Select(argument => Substitute(argument, revision))],
        _ => throw new ArgumentException($"The kind of command {command.GetType().Name} is unknown.", nameof(command)),
    };

    private string Substitute(string argument, Revision revision) => argument
        .Replace("{disk}", revision.Disk is { } disk ? home.Disk(disk.Id) : "", StringComparison.Ordinal)
        .Replace("{files}", home.RevisionFiles(revision.Id), StringComparison.Ordinal);

    private static Dictionary<string, string> Checked(Dictionary<string, string> variables)
    {
        ShellVariables.RequireSize(variables);
        return variables;
    }

    /// <summary>Adds <c>.venv</c>, in which a Python build installs its packages, to the variables.</summary>
    private static Dictionary<string, string> WithVirtualEnvironment(string directory, Dictionary<string, string> variables)
    {
        var virtualEnvironment = Path.Combine(directory, VirtualEnvironment.DirectoryName);
        if (!File.Exists(Path.Combine(virtualEnvironment, "bin", "python")))
            return variables;
        variables["PATH"] = $"{virtualEnvironment}/bin:{variables["PATH"]}";
        variables.TryAdd("VIRTUAL_ENV", virtualEnvironment);
        return variables;
    }
}
