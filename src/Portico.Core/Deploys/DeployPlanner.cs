using System.Globalization;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.Core.Deploys;

/// <summary>
/// Decides what a deploy does next. Pure: the same state, world and time give the same step.
/// </summary>
/// <remarks>
/// <code>
/// created → queued → build → (pre-deploy) → update: ensure → all ready → switch routes → edge confirms → live
/// </code>
/// Traffic moves only when every new instance is ready, and the deploy is live only when the edge has confirmed it.
/// </remarks>
public sealed class DeployPlanner(TimeSpan healthTimeout)
{
    /// <summary>After this many exits before it was ready, a deploy fails.</summary>
    public const int ExitsBeforeGivingUp = 3;

    public DeployStep Next(DeployState deploy, DeployWorld world, DateTimeOffset now)
    {
        if (deploy.CancelRequested && !world.Routed && deploy.Status.IsActive())
            return new DeployStep.Move(DeployStatus.Canceled);
        return deploy.Status switch
        {
            DeployStatus.Created => new DeployStep.Move(DeployStatus.Queued),
            DeployStatus.Queued => FromQueue(deploy, world),
            DeployStatus.BuildInProgress => Building(deploy, world),
            DeployStatus.PreDeployInProgress => PreDeploying(world),
            DeployStatus.UpdateInProgress => Updating(deploy, world, now),
            _ => new DeployStep.Wait(deploy.Status.Name()),
        };
    }

    private static DeployStep FromQueue(DeployState deploy, DeployWorld world)
    {
        if (world.PredecessorUnderWay)
            return new DeployStep.Wait("waiting for the previous deploy to finish");
        // A rollback needs neither its source nor the resources that it referred to.
        if (deploy is { Resolved: true, HasArtifact: true })
            return AfterBuild(deploy);
        if (world.DataStoreProblem is { } trouble)
            return new DeployStep.Fail(DeployStatus.BuildFailed, "data store", trouble);
        if (world.MissingDataStores.Count > 0)
            return new DeployStep.Wait($"waiting for {string.Join(", ", world.MissingDataStores)}");
        if (world.SourceProblem is { } problem)
            return new DeployStep.Fail(DeployStatus.BuildFailed, "fetch source", problem);
        if (!world.SourceReady)
            return new DeployStep.Act(DeployAction.FetchSource);
        if (!deploy.Resolved)
            return new DeployStep.Act(DeployAction.ResolveRevision);
        return world.BuildSlotFree
            ? new DeployStep.Move(DeployStatus.BuildInProgress)
            : new DeployStep.Wait(WaitingForSlot(world.PlaceInQueue));
    }

    /// <param name="place">1 is the next; null when it waits for a build of the same service.</param>
    public static string WaitingForSlot(int? place) => place is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"waiting for a build slot, place {number} in the queue")
        : "waiting for another build of this service to finish";

    private static DeployStep Building(DeployState deploy, DeployWorld world) => world.Build switch
    {
        // Who canceled it did not cancel the deploy: Portico was stopped. Builds are repeatable.
        RunState.Absent or RunState.Unknown or RunState.Failed { IsCanceled: true } => new DeployStep.Act(DeployAction.StartBuild),
        RunState.Failed failed => new DeployStep.Fail(DeployStatus.BuildFailed, "build", failed.Reason) { Cause = failed.Cause },
        RunState.Succeeded => AfterBuild(deploy),
        _ => new DeployStep.Wait("building"),
    };

    private static DeployStep.Move AfterBuild(DeployState deploy) =>
        new(deploy.HasPreDeployCommand ? DeployStatus.PreDeployInProgress : DeployStatus.UpdateInProgress);

    private static DeployStep PreDeploying(DeployWorld world) => world.PreDeploy switch
    {
        RunState.Absent => new DeployStep.Act(DeployAction.StartPreDeploy),
        // A migration may have partly run, so it is not started again.
        RunState.Unknown => new DeployStep.Fail(DeployStatus.PreDeployFailed, "pre-deploy command",
            "It was interrupted, and its result is unknown."),
        RunState.Failed { IsCanceled: true } => new DeployStep.Fail(DeployStatus.PreDeployFailed, "pre-deploy command",
            "It was interrupted because Portico was stopped. It may have done part of its work, so it is not repeated automatically. Deploy again."),
        RunState.Failed failed => new DeployStep.Fail(DeployStatus.PreDeployFailed, "pre-deploy command", failed.Reason) { Cause = failed.Cause },
        RunState.Succeeded => new DeployStep.Move(DeployStatus.UpdateInProgress),
        _ => new DeployStep.Wait("running the pre-deploy command"),
    };

    private DeployStep Updating(DeployState deploy, DeployWorld world, DateTimeOffset now)
    {
        if (world.Routed)
            return world.RoutesConfirmed ? new DeployStep.Move(DeployStatus.Live) : new DeployStep.Wait("switching traffic");
        if (!deploy.ServiceType.HasInstances() || deploy.ServiceSuspended)
            return WithoutInstances(deploy, world);
        if (!world.Ensured)
            return new DeployStep.Act(DeployAction.EnsureRevision);
        var ready = world.Instances.Count(instance => instance.Status == InstanceStatus.Ready);
        if (ready >= deploy.InstancesWanted)
            return new DeployStep.Act(DeployAction.SwitchRoutes);
        return (DeployStep?)WhyNotReady(deploy, world, now) ?? Waiting(deploy, ready);
    }

    private static DeployStep WithoutInstances(DeployState deploy, DeployWorld world)
    {
        if (deploy.ServiceType != ServiceType.StaticSite || world.Published)
            return new DeployStep.Act(DeployAction.SwitchRoutes);
        return world.PublishProblem is { } problem
            ? new DeployStep.Fail(DeployStatus.UpdateFailed, "publish", problem)
            : new DeployStep.Act(DeployAction.Publish);
    }

    private DeployStep.Fail? WhyNotReady(DeployState deploy, DeployWorld world, DateTimeOffset now)
    {
        var worst = world.Instances.MaxBy(instance => instance.Restarts);
        if (worst is { LastExit: { } exit } && worst.Restarts >= ExitsBeforeGivingUp)
            return new DeployStep.Fail(DeployStatus.UpdateFailed, "start",
                $"The process {DescribeExit(exit)} {worst.Restarts} times in a row before it was ready.")
            { Cause = exit.Cause };
        if (now - deploy.Since < healthTimeout)
            return null;
        return new DeployStep.Fail(DeployStatus.UpdateFailed, "health check", NotHealthy(world)) { Cause = FailureCause.OfTime(healthTimeout) };
    }

    private string NotHealthy(DeployWorld world)
    {
        var tried = world.Instances.Select(instance => instance.Health).FirstOrDefault(health => health is not null);
        var words = tried is null ? "" : $" {tried.Asked} {tried.Answer} (tried {tried.Tries} times).";
        return world.Instances.All(instance => instance.Address is null)
            ? $"No open port was detected within {Describe(healthTimeout)}. The service must listen on 0.0.0.0, on the port in PORT.{words}"
            : $"The service did not pass its health check within {Describe(healthTimeout)}.{words}";
    }

    private static DeployStep.Wait Waiting(DeployState deploy, int ready) => new(
        deploy.InstancesWanted == 1 ? "starting" : $"starting ({ready} of {deploy.InstancesWanted} ready)");

    private static string DescribeExit(InstanceExit exit) => exit switch
    {
        { OutOfMemory: true } => FailureTexts.RanOutOfMemory,
        { ExitCode: 0 } => "exited immediately (code 0)",
        { ExitCode: { } code } => $"exited with code {code}",
        { Signal: { } signal } => $"was killed by signal {signal}",
        _ => "exited",
    };

    private static string Describe(TimeSpan time) =>
        time >= TimeSpan.FromMinutes(2) ? $"{time.TotalMinutes:0} minutes" : $"{time.TotalSeconds:0} s";
}
