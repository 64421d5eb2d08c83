using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>Prepares a build: the files of its commit, its toolchain, cached packages and its secret files.</summary>
internal sealed class BuildPreparation(
    EngineHome home, WorkloadTools tools, WorkloadPlan plan, Toolchains toolchains, Artifacts artifacts, BuildCache cache, LogStore logs)
{
    /// <summary>Limits how many builds check out at the same time. The caller does not, and may deploy all services at once.</summary>
    private static readonly SemaphoreSlim Checkouts = new(4);

    /// <returns>What to start; null if the build has no command.</returns>
    /// <exception cref="RunFailure">The build cannot begin. The message is for its owner.</exception>
    public async Task<LaunchSpec?> PrepareAsync(BuildRequest build, CancellationToken cancellationToken)
    {
        var log = logs.OfRun(build.Id);
        LogFile.Append(log, $"Checking out commit {build.Commit}");
        var checkout = home.Artifact(Artifacts.Of(build.Id));
        await CheckOutAsync(build, checkout, log, cancellationToken);
        var (directory, problem) = ContainedPath.Resolve(checkout, build.RootDirectory);
        if (directory is null)
            throw new RunFailure(problem!);
        var files = new ProjectFiles(directory, checkout, AccountOf(build));
        var toolchain = await toolchains.PrepareAsync(build, files, line => LogFile.Append(log, line), cancellationToken);
        artifacts.Remember(Artifacts.Of(build.Id), toolchain with { BuiltInSandbox = plan.ShowsSecrets });
        if (string.IsNullOrWhiteSpace(build.Command))
            return null;
        await RestoreAsync(build, toolchain, checkout, directory, log, cancellationToken);
        plan.MakeSecrets(build.SecretFiles, home.RunSecrets(build.Id), AccountOf(build));
        if (build.SecretFiles.Count > 0 && !plan.ShowsSecrets)
            LogFile.Append(log, $"Secret files are only in the root directory: Portico can show them in {SecretFiles.MountPath} only in a sandbox");
        if (plan.WithheldVariables is { Count: > 0 } withheld)
            LogFile.Append(log, $"Builds do not get the credentials in this machine's {string.Join(", ", withheld)}. PORTICO_BUILD_CREDENTIALS=yes would change that");
        var install = DependencyInstall.CommandFor(build, toolchain, directory);
        if (install is not null)
            LogFile.Append(log, $"Installing dependencies with '{install}' (set {DependencyInstall.Skip} to true to leave this out)...");
        var whole = install is null ? build : build with { Command = $"{install} || exit\n{build.Command}" };
        // A repeated preparation starts with nothing installed.
        await DeleteTree.RunAsync(home.GlobalProgramsOf(Artifacts.Of(build.Id)), tools, cancellationToken);
        var spec = plan.ForBuild(whole, toolchain, directory, log, home.RunSecrets(build.Id));
        LogFile.Append(log, $"Running build command '{build.Command}'...");
        return spec;
    }

    private async Task CheckOutAsync(BuildRequest build, string checkout, string log, CancellationToken cancellationToken)
    {
        await Checkouts.WaitAsync(cancellationToken);
        try
        {
            await Checkout.MakeAsync(build, checkout, AccountOf(build), tools, line => LogFile.Append(log, line), cancellationToken);
        }
        finally
        {
            Checkouts.Release();
        }
    }

    private async Task RestoreAsync(BuildRequest build, UsedToolchain toolchain, string checkout, string directory, string log, CancellationToken cancellationToken)
    {
        if (!build.UseCache)
            await cache.DeleteDownloadsAsync(build.Owner, cancellationToken);
        var environment = build.Runtime.Name == Toolchain.Python ? VirtualEnvironment.DirectoryName : null;
        var restored = build.UseCache
            ? await cache.RestoreAsync(build.Owner, AccountOf(build), checkout, build.RootDirectory, toolchain.Kind, environment, cancellationToken)
            : RestoredCache.Nothing;
        if (restored.Directories.Count > 0)
            LogFile.Append(log, $"Restored from the last build: {string.Join(", ", restored.Directories)}");
        var cached = environment is not null && restored.Directories.Contains(environment) ? Path.Combine(restored.From, environment) : null;
        await new VirtualEnvironment(plan.ViewOfBuild(Artifacts.Of(build.Id), toolchain), AccountOf(build), tools)
            .PrepareAsync(build, directory, cached, toolchain.Python ?? "python3", cancellationToken);
    }

    private Account AccountOf(BuildRequest build) => tools.Identities.Of(build.Owner).Build;
}
