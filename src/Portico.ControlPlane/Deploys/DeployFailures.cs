using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Deploys;

/// <summary>Adds to a failure what a person needs next: the end of the right log, and a hint.</summary>
public sealed class DeployFailures(IEngine engine)
{
    private const int Lines = 20;

    public async Task<DeployFailure> ExplainAsync(
        DeployRow deploy, DeployStep.Fail failed, CancellationToken cancellationToken)
    {
        var lines = failed.To switch
        {
            DeployStatus.BuildFailed => await TailAsync(new LogQuery { Run = RevisionFactory.BuildId(deploy.Id), Tail = Lines }, cancellationToken),
            DeployStatus.PreDeployFailed => await TailAsync(new LogQuery { Run = RevisionFactory.PreDeployId(deploy.Id), Tail = Lines }, cancellationToken),
            _ => await InstanceLinesAsync(deploy, cancellationToken),
        };
        return new DeployFailure(failed.Step, failed.Message, lines, FailureHints.For(failed.Step, failed.Message, lines)) { Cause = failed.Cause };
    }

    private async Task<IReadOnlyList<string>> InstanceLinesAsync(DeployRow deploy, CancellationToken cancellationToken)
    {
        var revision = new RevisionId(deploy.Id);
        var instance = engine.Observe().Instances.Where(item => item.Revision == revision).MaxBy(item => item.Restarts);
        if (instance is null)
            return [];
        return instance.LastExit is { LastLines.Count: > 0 } exit
            ? exit.LastLines
            : await TailAsync(new LogQuery { Instance = instance.Id, Tail = Lines }, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> TailAsync(LogQuery query, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var line in engine.ReadLogsAsync(query, cancellationToken))
            lines.Add(line.Text);
        return lines;
    }
}
