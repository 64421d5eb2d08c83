using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Completes a run before any caller sees its result: it deletes the files of a failed build, and removes the secrets of a
/// successful one and makes it the cache of the next build.
/// </summary>
internal sealed partial class BuildArtifact(EngineHome home, WorkloadTools tools, BuildCache cache, Artifacts artifacts, LogStore logs, ILogger logger)
{
    /// <returns>The result, which is a failure if a successful build cannot be used.</returns>
    public async Task<RunState> CloseAsync(RunRecord record, RunState result, CancellationToken cancellationToken)
    {
        await TryAsync(record, () => Task.Run(() => RevisionFiles.Delete(home.RunSecrets(record.Id)), cancellationToken), cancellationToken);
        if (record.Build is not { } build)
            return result;
        if (result is RunState.Succeeded && !await RemoveSecretsAsync(build, cancellationToken))
            result = new RunState.Failed("The build is not used, because the secret files could not be removed from it. See the server's log.", null);
        if (result is RunState.Succeeded)
        {
            await TryAsync(record, () => artifacts.GiveToInstancesAsync(Artifacts.Of(record.Id), record.Owner, cancellationToken), cancellationToken);
            await TryAsync(record, () => RememberAsync(record, build, cancellationToken), cancellationToken);
            LogFile.Append(logs.OfRun(record.Id), "Build successful 🎉");
            return result;
        }
        await TryAsync(record, () => artifacts.DeleteAsync(Artifacts.Of(record.Id), cancellationToken), cancellationToken);
        LogFile.Append(logs.OfRun(record.Id), result switch
        {
            RunState.Failed { IsCanceled: true } => "Build canceled",
            RunState.Failed failed => $"Build failed 😞 {failed.Reason}",
            _ => "Build ended with an unknown result",
        });
        return result;
    }

    private async Task RememberAsync(RunRecord record, BuildRequest build, CancellationToken cancellationToken)
    {
        var artifact = Artifacts.Of(record.Id);
        if (!string.IsNullOrWhiteSpace(build.Command)
            && cache.Remember(record.Owner, artifact, build.RootDirectory, artifacts.ToolchainOf(artifact).Kind) is { } before
            && !Directory.Exists(home.Run(new RunId(before.Value))))
            await artifacts.DeleteAsync(before, cancellationToken);
    }

    /// <summary>Removes secret files from the artifact, which may be published. It uses the workload's rights, because the workload could write there.</summary>
    private async Task<bool> RemoveSecretsAsync(BuildRequest build, CancellationToken cancellationToken)
    {
        var (directory, _) = ContainedPath.Resolve(home.Artifact(Artifacts.Of(build.Id)), build.RootDirectory);
        if (build.SecretFiles.Count == 0 || directory is null || string.IsNullOrWhiteSpace(build.Command))
            return true;
        var removed = await tools.RunAsync(
            home.Artifact(Artifacts.Of(build.Id)), ["rm", "-f", "--", .. build.SecretFiles.Keys.Select(name => Path.Combine(directory, name))], cancellationToken);
        if (!removed.Succeeded)
            LogSecretsLeft(build.Id.Value, removed.Error);
        return removed.Succeeded;
    }

    /// <summary>Cleans up. A failure does not change the result; the files are then deleted with the run.</summary>
    private async Task TryAsync(RunRecord record, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotClosed(e, record.Id.Value);
        }
    }

    [LoggerMessage(EventName = "BuildSecretsLeft", Level = LogLevel.Error, Message = "The secret files of build {RunId} could not be removed from its artifact: {Error}.")]
    private partial void LogSecretsLeft(string runId, string error);

    [LoggerMessage(EventName = "RunNotClosed", Level = LogLevel.Warning, Message = "Files of run {RunId} could not be cleaned up. They are deleted with the run.")]
    private partial void LogNotClosed(Exception exception, string runId);
}
