using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Postgres;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Workloads;

/// <summary>Resolves the paths, programs and variables of a requested workload, so that it can be started.</summary>
internal sealed class WorkloadPlan(
    EngineHome home, WorkloadTools tools, RuntimeCatalog runtimes, PostgresServers postgres, Artifacts artifacts, DiskMounts disks, InheritedVariables inherited)
{
    private readonly Identities _identities = tools.Identities;

    /// <exception cref="MissingRuntimeException">The toolchain or program is not installed.</exception>
    /// <exception cref="RunFailure">The directory is not in the artifact, or the variables are too large.</exception>
    /// <param name="instance">The id of the instance or job.</param>
    /// <param name="secrets">The directory to which <see cref="MakeSecrets"/> wrote the revision's secret files.</param>
    public LaunchSpec ForRevision(Revision revision, Command command, string instance, int? port, string logPath, string secrets)
    {
        var account = _identities.Of(revision.Owner).Run;
        var view = tools.NewView();
        var ownerHome = view.Show(MakeRunHome(revision.Owner, account), SandboxPaths.Home, writable: true);
        var directory = revision.Artifact is { } artifact ? ShowArtifact(view, artifact, revision.WorkingDirectory) : ownerHome;
        disks.Show(view, revision);
        if (revision.Files.Count > 0)
            view.Show(home.RevisionFiles(revision.Id), SandboxPaths.Files);
        var secretFiles = ShowSecrets(view, revision.SecretFiles, secrets);
        var toolchain = ShowToolchain(view, revision.Artifact is { } built ? artifacts.ToolchainOf(built) : UsedToolchain.Default);
        var installed = revision.Artifact is { } of ? GlobalsOf(of, home.RunHome(revision.Owner)) : null;
        if (installed is not null && view.IsSandboxed)
            PackageDownloads.Show(view, home.RunDownloads(revision.Owner), installed, account);
        var path = (installed?.Path ?? []).Concat(toolchain.Path).Concat(PathFor(revision.Runtime)).ToArray();
        return new LaunchSpec
        {
            Command = Resolve(view, command, path, revision),
            Directory = view.Seen(directory),
            Account = account,
            View = view,
            HostName = HostNameOf(revision.Network?.HostName ?? instance),
            Owned = OwnedBy(revision),
            Disk = revision.Disk is { } disk ? disks.ImageOf(disk) : null,
            Secrets = secretFiles,
            Environment = Checked(WithVirtualEnvironment(view, directory, WorkloadEnvironment.Make(
                ShowPath(view, path), ownerHome, NameOf(view, account), Show(view, inherited.ForInstances),
                (installed?.Variables(view) ?? []).Concat(WorkloadEnvironment.ForInstance(revision, instance, port))))),
            LogPath = logPath,
            Limits = revision.Limits,
            Membership = revision.Network,
        };
    }

    /// <param name="directory">The service's root directory in the checkout.</param>
    /// <param name="secrets">The directory to which <see cref="MakeSecrets"/> wrote the build's secret files.</param>
    public LaunchSpec ForBuild(BuildRequest build, UsedToolchain toolchain, string directory, string logPath, string secrets)
    {
        var account = _identities.Of(build.Owner).Build;
        var artifact = Artifacts.Of(build.Id);
        var view = ViewOfBuild(artifact, toolchain);
        var ownerHome = view.Show(MakeBuildHome(build.Owner, account), SandboxPaths.Home, writable: true);
        string[] programs = [.. toolchain.Path, .. runtimes.PathFor(build.Runtime)];
        ShowPath(view, programs);
        var installed = new GlobalPrograms(home.GlobalProgramsOf(artifact), home.BuildHome(build.Owner));
        var downloads = PackageDownloads.Show(view, home.BuildDownloads(build.Owner), installed, account);
        MakeGlobals(view, installed, home.BuildDownloads(build.Owner), account, programs);
        return new LaunchSpec
        {
            Command = [Launcher.Shell, "-c", build.Command!],
            Directory = view.Seen(directory),
            Account = account,
            View = view,
            HostName = HostNameOf(build.Network?.HostName ?? build.Id.Value),
            Owned = [home.BuildHome(build.Owner), .. downloads],
            LargeTemporary = true,
            Environment = Checked(WithVirtualEnvironment(view, directory, WorkloadEnvironment.Make(
                [.. installed.Path.Concat(programs).Select(view.Seen)], ownerHome, NameOf(view, account), Show(view, inherited.ForBuilds),
                HeadersOf(view, toolchain).Concat(installed.Variables(view)).Concat(build.Environment)))),
            LogPath = logPath,
            Limits = build.Limits,
            Membership = build.Network,
            Background = true,
            Secrets = ShowSecrets(view, build.SecretFiles, secrets),
        };
    }

    /// <summary>Returns what a build and the tools that prepare it see of its checkout and its toolchain.</summary>
    public WorkloadView ViewOfBuild(ArtifactId artifact, UsedToolchain toolchain)
    {
        var view = tools.NewView();
        view.Show(home.Artifact(artifact), SandboxPaths.Source, writable: true);
        ShowToolchain(view, toolchain);
        return view;
    }

    /// <inheritdoc cref="InheritedVariables.Withheld"/>
    public IReadOnlyList<string> WithheldVariables => inherited.Withheld;

    /// <summary>Whether workloads see secret files at Render's path too, not only in the working directory.</summary>
    public bool ShowsSecrets => tools.NewView().IsSandboxed;

    /// <param name="account">Who reads them.</param>
    public void MakeSecrets(IReadOnlyDictionary<string, string> files, string directory, Account account) => RevisionFiles.Write(directory, files, account, ShowsSecrets);

    /// <summary>Creates the disk if it does not exist, and writes the revision's files, which may have changed.</summary>
    public void MakeStorage(Revision revision)
    {
        var account = _identities.Of(revision.Owner).Run;
        if (revision.Disk is { } disk)
        {
            // Durable, because the disk is found by it when its owner is deleted. It is therefore written once, and not at each start.
            if (JsonFile.Read<string>(home.DiskOwner(disk.Id)) != revision.Owner)
                JsonFile.Write(home.DiskOwner(disk.Id), revision.Owner);
            // The files of a disk that exists may belong to another account, and are given away when it is mounted.
            if (!System.IO.Directory.Exists(home.Disk(disk.Id)))
                account.MakeDirectory(home.Disk(disk.Id));
        }
        RevisionFiles.Write(home.RevisionFiles(revision.Id), revision.Files, account, ShowsSecrets);
    }

    public Account AccountOf(string owner) => _identities.Of(owner).Run;

    /// <summary>Returns what the account of a revision must own: what it writes to, and what was built for it.</summary>
    private IReadOnlyList<string> OwnedBy(Revision revision)
    {
        var built = revision.Artifact is { } artifact ? artifacts.DirectoriesOf(artifact) : [];
        // An image is given away when it is mounted.
        return [.. built, .. revision.Disk is { } disk && disks.ImageOf(disk) is null ? [home.Disk(disk.Id)] : Array.Empty<string>()];
    }

    private GlobalPrograms? GlobalsOf(ArtifactId artifact, string ownerHome) =>
        System.IO.Directory.Exists(home.GlobalProgramsOf(artifact)) ? new GlobalPrograms(home.GlobalProgramsOf(artifact), ownerHome) : null;

    /// <summary>
    /// Shows the files of an artifact at Render's path, and those that were built before sandboxes existed also where they were built,
    /// because programs in them contain that path.
    /// </summary>
    /// <returns>The working directory, as a path of the engine.</returns>
    private string ShowArtifact(WorkloadView view, ArtifactId artifact, string workingDirectory)
    {
        var (files, globals) = (home.Artifact(artifact), home.GlobalProgramsOf(artifact));
        var (directory, problem) = ContainedPath.Resolve(files, workingDirectory);
        var isMoved = artifacts.ToolchainOf(artifact).BuiltInSandbox;
        view.ShowCopy(files, SandboxPaths.Source);
        if (System.IO.Directory.Exists(globals))
            view.Show(globals, isMoved ? SandboxPaths.Programs : globals);
        if (!isMoved)
            view.ShowCopy(files, files);
        return directory ?? throw new RunFailure(problem!);
    }

    /// <summary>
    /// Creates the directory for what a build installs globally, which must not exist. The build gets it only when it is complete, so
    /// that it cannot lead the engine elsewhere.
    /// </summary>
    private void MakeGlobals(WorkloadView view, GlobalPrograms globals, string downloads, Account account, IReadOnlyList<string> path)
    {
        foreach (var directory in globals.Directories)
            EngineHome.MakePrivate(directory);
        view.Show(globals.Directory, SandboxPaths.Programs, writable: true);
        foreach (var (link, name) in globals.Downloads)
            File.CreateSymbolicLink(link, view.Seen(Path.Combine(downloads, name)));
        // Corepack installs its programs in the directory in which it was found.
        if (runtimes.Find("corepack", path) is { } corepack)
            File.CreateSymbolicLink(globals.LinkTo(corepack), view.Seen(corepack));
        foreach (var manager in PythonToolchain.Managers)
            if (runtimes.Find(manager, path) is null && runtimes.FindInstalled(manager) is { } installed)
                File.CreateSymbolicLink(globals.LinkTo(installed), ShowPath(view, [Path.GetDirectoryName(installed)!])[0] + "/" + manager);
        foreach (var directory in globals.Directories.Reverse())
            account.GiveAway(directory);
    }

    private IReadOnlyList<string> PathFor(WorkloadRuntime runtime) => runtime.Name == Toolchain.Postgres
        ? [.. postgres.PathFor(runtime.Version), .. RuntimeCatalog.SystemDirectories]
        : runtimes.PathFor(runtime);

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(WorkloadView view, UsedToolchain toolchain) =>
        toolchain.NodeDirectory is { } node ? [new("npm_config_nodedir", view.Seen(node))] : [];

    private static string NameOf(WorkloadView view, Account account) => view.IsSandboxed ? SandboxPaths.AccountName : account.Name;

    /// <summary>Returns an id as a host name, which may have fewer characters.</summary>
    private static string HostNameOf(string id)
    {
        const int Longest = 63;
        var name = string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
        return name[..Math.Min(name.Length, Longest)].Trim('-') is { Length: > 0 } valid ? valid : SandboxPaths.AccountName;
    }

    private string MakeRunHome(string owner, Account account)
    {
        if (!System.IO.Directory.Exists(home.RunHome(owner)))
            account.MakeDirectory(home.RunHome(owner));
        return home.RunHome(owner);
    }

    /// <summary>Creates the home of an owner's builds. The files of one that exists may belong to another account, and are given away at the start.</summary>
    private string MakeBuildHome(string owner, Account account)
    {
        if (!System.IO.Directory.Exists(home.BuildHome(owner)))
            account.MakeDirectory(home.BuildHome(owner));
        return home.BuildHome(owner);
    }

    private UsedToolchain ShowToolchain(WorkloadView view, UsedToolchain toolchain)
    {
        if (toolchain.Fetched.FirstOrDefault(fetched => !System.IO.Directory.Exists(fetched)) is { } gone)
            throw new RunFailure($"The toolchain {gone} that this was built with no longer exists. Deploy the service again.");
        foreach (var fetched in toolchain.Fetched)
            ShowStored(view, fetched);
        return toolchain;
    }

    /// <summary>Shows the toolchain of the store that a path lies in.</summary>
    private void ShowStored(WorkloadView view, string path)
    {
        // The name and the version.
        const int Parts = 2;
        var relative = string.Join('/', Path.GetRelativePath(home.Toolchains, path).Split('/').Take(Parts));
        view.Show(Path.Combine(home.Toolchains, relative), Path.Combine(SandboxPaths.Toolchains, relative));
    }

    /// <summary>Shows directories of programs, so that those in them run.</summary>
    /// <returns>The paths at which the workload sees them.</returns>
    private IReadOnlyList<string> ShowPath(WorkloadView view, IReadOnlyList<string> path)
    {
        foreach (var directory in path)
            if (ContainedPath.IsInside(home.Toolchains, directory))
                ShowStored(view, directory);
            else if (MachineFiles.InstallationOf(directory, home.Root) is { } installation)
                view.Show(installation, installation);
        return [.. path.Select(view.Seen)];
    }

    /// <summary>Shows the files and directories that variables of the operator's environment name.</summary>
    private IReadOnlyDictionary<string, string> Show(WorkloadView view, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var value in variables.Values.Where(value => Path.IsPathRooted(value) && Path.Exists(value)))
            if (!MachineFiles.IsShown(value) && !ContainedPath.IsInside(home.Root, value) && !ContainedPath.IsInside(value, home.Root) && value != "/")
                view.Show(value, value);
        return variables;
    }

    private static SecretFiles? ShowSecrets(WorkloadView view, IReadOnlyDictionary<string, string> files, string directory) => files.Count == 0
        ? null
        : new SecretFiles(view.Show(directory, SandboxPaths.Secrets), [.. files.Keys.Order(StringComparer.Ordinal)], view.IsSandboxed);

    private IReadOnlyList<string> Resolve(WorkloadView view, Command command, IReadOnlyList<string> path, Revision revision) => command switch
    {
        Command.Shell shell => [Launcher.Shell, "-c", shell.Line],
        Command.Exec exec => [view.Seen(runtimes.Resolve(exec.Program, path)), .. exec.Arguments.Select(argument => Substitute(view, argument, revision))],
        _ => throw new ArgumentException($"The kind of command {command.GetType().Name} is unknown.", nameof(command)),
    };

    private string Substitute(WorkloadView view, string argument, Revision revision) => argument
        .Replace("{disk}", revision.Disk is { } disk ? view.Seen(home.Disk(disk.Id)) : "", StringComparison.Ordinal)
        .Replace("{files}", view.Seen(home.RevisionFiles(revision.Id)), StringComparison.Ordinal);

    private static Dictionary<string, string> Checked(Dictionary<string, string> variables)
    {
        ShellVariables.RequireSize(variables);
        return variables;
    }

    /// <summary>Adds <c>.venv</c>, in which a Python build installs its packages, to the variables.</summary>
    private static Dictionary<string, string> WithVirtualEnvironment(WorkloadView view, string directory, Dictionary<string, string> variables)
    {
        var virtualEnvironment = Path.Combine(directory, VirtualEnvironment.DirectoryName);
        // Its interpreter is a link, which may lead to a path that only the workload sees.
        var python = new FileInfo(Path.Combine(virtualEnvironment, "bin", "python"));
        if (!python.Exists && python.LinkTarget is null)
            return variables;
        variables["PATH"] = $"{view.Seen(virtualEnvironment)}/bin:{variables["PATH"]}";
        variables.TryAdd("VIRTUAL_ENV", view.Seen(virtualEnvironment));
        return variables;
    }
}
