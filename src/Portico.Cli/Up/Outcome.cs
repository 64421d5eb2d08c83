using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Up;

internal enum OutcomeKind
{
    Waiting,
    Live,
    Failed,
}

/// <summary>Whether a resource has arrived where <c>up</c> wants it, will, or will not.</summary>
internal sealed record Outcome(OutcomeKind Kind, ResourceFailure? Failure = null)
{
    /// <summary>How long something that nobody works on may stay as it is before it counts as failed.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly Outcome Waiting = new(OutcomeKind.Waiting);
    private static readonly Outcome Live = new(OutcomeKind.Live);

    /// <param name="resource">Null when the server does not list it.</param>
    /// <param name="unchangedFor">How long it has looked the same.</param>
    public static Outcome Of(ResourceStatus? resource, TimeSpan unchangedFor)
    {
        if (resource is null)
            return unchangedFor > Patience ? Failed("apply", "The server does not list it.", "`portico up` applies the Blueprint again.") : Waiting;
        if (IsDeploying(resource.Deploy?.Status))
            return Waiting;
        if (HasFailed(resource.Deploy?.Status) || resource.Status == "failed")
            return new Outcome(OutcomeKind.Failed, resource.Failure ?? Unexplained(resource));
        return resource.Status switch
        {
            "live" or "available" or "asleep" => Live,
            "suspended" => Failed("start", "It is suspended.", "Resume it, then run `portico up` again."),
            "unhealthy" or "unavailable" => WaitingOrUnwell(resource, unchangedFor),
            "not_deployed" when resource.Progress is null && unchangedFor > Patience =>
                Failed("deploy", "Nothing deploys it.", "`portico up` tries again; `portico doctor` checks the machine."),
            _ => Waiting,
        };
    }

    /// <summary>
    /// Of <c>start</c>, which wants to run again what ran before: a deploy that failed earlier, and what nothing was deployed to, are
    /// as they were.
    /// </summary>
    public static Outcome OfStart(ResourceStatus? resource, TimeSpan unchangedFor) => resource?.Status switch
    {
        "unhealthy" or "unavailable" => WaitingOrUnwell(resource, unchangedFor),
        // A data store is available until it has been noticed that it is not.
        "available" when resource.Instances.All(instance => instance.Status != "ready") => WaitingOrUnwell(resource, unchangedFor),
        "deploying" or "waking" or "creating" => Waiting,
        _ => Live,
    };

    private static Outcome WaitingOrUnwell(ResourceStatus resource, TimeSpan unchangedFor) =>
        unchangedFor > Patience ? new Outcome(OutcomeKind.Failed, resource.Failure ?? Unexplained(resource)) : Waiting;

    private static bool IsDeploying(string? deploy) => deploy is
        "created" or "queued" or "build_in_progress" or "pre_deploy_in_progress" or "update_in_progress";

    private static bool HasFailed(string? deploy) => deploy is
        "build_failed" or "pre_deploy_failed" or "update_failed" or "canceled";

    private static ResourceFailure Unexplained(ResourceStatus resource) => new(
        resource.Deploy?.Status is "build_failed" ? "build" : "start",
        resource.Deploy is { } deploy && HasFailed(deploy.Status)
            ? $"Its deploy {deploy.Id} ended as {deploy.Status}."
            : $"It is {resource.Status}.",
        [], null);

    private static Outcome Failed(string step, string message, string hint) =>
        new(OutcomeKind.Failed, new ResourceFailure(step, message, [], hint));
}
