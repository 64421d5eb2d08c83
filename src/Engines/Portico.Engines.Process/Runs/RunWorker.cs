using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Takes one build or job to its end. Each step is written down before it is done, so that a later engine goes on from there:
/// a preparation is repeated, a command that runs is waited for, one that ended without a trace is unknown.
/// </summary>
internal sealed class RunWorker(
    EngineHome home, Account account, Launcher launcher, WorkloadPlan plan, BuildCache cache, Toolchains toolchains, Artifacts artifacts, RunBounds bounds,
    LogStore logs, LogTrimmer trimmer, TimeProvider time)
{
    /// <param name="save">Writes the record down and shows it to callers.</param>
    /// <param name="canceled">Completes when somebody asks to cancel.</param>
    /// <param name="cancellationToken">This engine stops; the run goes on without it.</param>
    public async Task RunAsync(RunRecord record, Action<RunRecord> save, Task canceled, CancellationToken cancellationToken)
    {
        var log = logs.OfRun(record.Id);
        trimmer.Add(log, mayBurst: true);
        try
        {
            var result = await ResultAsync(record, save, canceled, cancellationToken);
            await CloseAsync(record, result, cancellationToken);
            trimmer.Remove(log);
            save(record with { Phase = RunPhase.Over, Result = result, Build = null, Job = null });
        }
        finally
        {
            trimmer.Remove(log);
        }
    }

    private async Task<RunState> ResultAsync(RunRecord record, Action<RunRecord> save, Task canceled, CancellationToken cancellationToken)
    {
        try
        {
            if (record.Phase == RunPhase.Executing)
            {
                var workload = launcher.Attach(record.Workload!);
                var before = record.Preparation + (workload.Main?.Age ?? TimeSpan.Zero);
                return await FollowAsync(record, new RunClock(before, time), workload, canceled, cancellationToken);
            }
            if (record.CancelRequested || canceled.IsCompleted)
                return Canceled;
            var clock = new RunClock(TimeSpan.Zero, time);
            if (await PrepareWithinBoundsAsync(record, clock, canceled, cancellationToken) is not { } spec)
                return Success(record);
            var state = launcher.Prepare(home.Run(record.Id), FileName.Of(record.Id.Value), 1, spec);
            var started = record with { Phase = RunPhase.Executing, Workload = state, Preparation = clock.Elapsed };
            save(started);
            return await FollowAsync(started, clock, launcher.Start(state, spec), canceled, cancellationToken);
        }
        catch (Exception e) when (e is RunFailure or MissingRuntimeException)
        {
            return new RunState.Failed(e.Message, null) { Cause = (e as RunFailure)?.Cause };
        }
        catch (IOException e)
        {
            return new RunState.Failed(DiskSpace.IsFull(e) ? DiskSpace.FullMessage : e.Message, null);
        }
    }

    private static RunState.Failed Canceled => new("Canceled.", null);

    /// <summary>Fetching and copying take their time too: they count, and can be canceled, as the command itself.</summary>
    private async Task<LaunchSpec?> PrepareWithinBoundsAsync(RunRecord record, RunClock clock, Task canceled, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(RunBounds.Left(record, clock));
        var preparing = PrepareAsync(record, ending.Token);
        if (await Task.WhenAny(preparing, canceled) == canceled)
            await ending.CancelAsync();
        try
        {
            return await preparing;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var failed = canceled.IsCompleted ? Canceled : RunBounds.TooLong(record);
            throw new RunFailure(failed.Reason, failed.Cause);
        }
    }

    /// <returns>What to start; null where there is nothing to run.</returns>
    private async Task<LaunchSpec?> PrepareAsync(RunRecord record, CancellationToken cancellationToken)
    {
        var log = logs.OfRun(record.Id);
        if (record.Job is { } job)
        {
            plan.MakeStorage(job.Revision);
            plan.MakeSecrets(job.Revision.SecretFiles, home.RunSecrets(record.Id));
            return plan.ForRevision(job.Revision, job.Command, port: null, log, home.RunSecrets(record.Id));
        }
        var build = record.Build!;
        LogFile.Append(log, $"Checking out commit {build.Commit}");
        var checkout = home.Artifact(ArtifactOf(record));
        await Checkout.MakeAsync(build, checkout, Path.Combine(home.Run(record.Id), "index"), account, cancellationToken);
        var (directory, problem) = ContainedPath.Resolve(checkout, build.RootDirectory);
        if (directory is null)
            throw new RunFailure(problem!);
        var toolchain = await toolchains.PrepareAsync(build, directory, checkout, line => LogFile.Append(log, line), cancellationToken);
        artifacts.Remember(ArtifactOf(record), toolchain);
        if (string.IsNullOrWhiteSpace(build.Command))
            return null;
        await RestoreAsync(build, toolchain, checkout, directory, log, cancellationToken);
        plan.MakeSecrets(build.SecretFiles, home.RunSecrets(record.Id));
        if (build.SecretFiles.Count > 0 && !plan.ShowsSecrets)
            LogFile.Append(log, $"Secret files are in the root directory alone: to show them in {SecretFiles.MountPath}, Portico must run as root");
        var spec = plan.ForBuild(build, toolchain, directory, log, home.RunSecrets(record.Id));
        LogFile.Append(log, $"Running build command '{build.Command}'...");
        return spec;
    }

    private async Task RestoreAsync(BuildRequest build, UsedToolchain toolchain, string checkout, string directory, string log, CancellationToken cancellationToken)
    {
        if (!build.UseCache)
            await cache.DeleteDownloadsAsync(build.Owner, cancellationToken);
        var environment = build.Runtime.Name == Toolchain.Python ? VirtualEnvironment.DirectoryName : null;
        var restored = build.UseCache
            ? await cache.RestoreAsync(build.Owner, checkout, build.RootDirectory, toolchain.Kind, environment, cancellationToken)
            : RestoredCache.Nothing;
        if (restored.Directories.Count > 0)
            LogFile.Append(log, $"Restored from the last build: {string.Join(", ", restored.Directories)}");
        var cached = environment is not null && restored.Directories.Contains(environment) ? Path.Combine(restored.From, environment) : null;
        await VirtualEnvironment.PrepareAsync(build, directory, cached, toolchain.Python ?? "python3", account, cancellationToken);
    }

    private async Task<RunState> FollowAsync(
        RunRecord record, RunClock clock, Workload workload, Task canceled, CancellationToken cancellationToken)
    {
        await workload.StartedAsync(cancellationToken);
        var exited = workload.ExitedAsync(cancellationToken);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var passed = bounds.PassedAsync(record, clock, workload, logs.OfRun(record.Id), watching.Token);
        var first = await Task.WhenAny(exited, canceled, passed);
        cancellationToken.ThrowIfCancellationRequested();
        await watching.CancelAsync();
        // Also after a good end: what a build leaves running would hold its files and ports.
        var gone = await workload.KillAsync(cancellationToken);
        var exit = await exited;
        workload.CleanUp();
        if (!gone)
            return new RunState.Failed("Some of its processes could not be ended.", null);
        if (first == canceled || record.CancelRequested)
            return Canceled;
        return first == passed ? await passed : FromExit(record, exit);
    }

    private RunState FromExit(RunRecord record, WorkloadExit exit) => exit switch
    {
        { Code: 0 } => Success(record),
        { OutOfMemory: true } when record.Build?.Limits.MemoryBytes is { } bytes => RunBounds.TooMuchMemory(bytes, exit.Code),
        { OutOfMemory: true } => new RunState.Failed($"The command {exit}.", exit.Code) { Cause = FailureCause.OfMemory(record.Job?.Revision.Limits.MemoryBytes) },
        { Seen: false } => new RunState.Unknown(),
        { Code: 127 } => new RunState.Failed("The command was not found (status 127): see the log for its name.", 127),
        _ when DiskSpace.IsFull(home.Root) => new RunState.Failed($"The command {exit}. {DiskSpace.FullMessage}", exit.Code),
        _ => new RunState.Failed($"The command {exit}.", exit.Code),
    };

    private static RunState.Succeeded Success(RunRecord record) => new RunState.Succeeded(record.IsBuild ? ArtifactOf(record) : null);

    /// <summary>Before the result is known to anybody: a failed build leaves no files, a good one serves the next.</summary>
    private async Task CloseAsync(RunRecord record, RunState result, CancellationToken cancellationToken)
    {
        RevisionFiles.Delete(home.RunSecrets(record.Id));
        if (record.Build is not { } build)
            return;
        if (result is RunState.Succeeded)
        {
            await TakeOutSecretsAsync(build, home.Artifact(ArtifactOf(record)), cancellationToken);
            if (!string.IsNullOrWhiteSpace(build.Command)
                && cache.Remember(record.Owner, ArtifactOf(record), build.RootDirectory, artifacts.ToolchainOf(ArtifactOf(record)).Kind) is { } before
                && !Directory.Exists(home.Run(new RunId(before.Value))))
                await artifacts.DeleteAsync(before, cancellationToken);
            LogFile.Append(logs.OfRun(record.Id), "Build successful 🎉");
            return;
        }
        await artifacts.DeleteAsync(ArtifactOf(record), cancellationToken);
        LogFile.Append(logs.OfRun(record.Id), result is RunState.Failed failed ? $"Build failed 😞 {failed.Reason}" : "Build ended without a trace");
    }

    /// <summary>What is built may be published: it keeps no secret file. With the workload's rights, as whatever it could change.</summary>
    private async Task TakeOutSecretsAsync(BuildRequest build, string artifact, CancellationToken cancellationToken)
    {
        var (directory, _) = ContainedPath.Resolve(artifact, build.RootDirectory);
        if (build.SecretFiles.Count == 0 || directory is null || string.IsNullOrWhiteSpace(build.Command))
            return;
        await Tool.RunAsync(
            [.. account.Prefix, "rm", "-f", "--", .. build.SecretFiles.Keys.Select(name => Path.Combine(directory, name))], cancellationToken);
    }

    /// <summary>An artifact has the name of the build that made it.</summary>
    private static ArtifactId ArtifactOf(RunRecord record) => new(record.Id.Value);
}
