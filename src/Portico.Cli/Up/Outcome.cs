using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Up;

internal enum OutcomeKind
{
    Waiting,
    Live,
    Failed,
}

/// <summary>Whether a resource is live, may still become live, or has failed, as <c>up</c> sees it.</summary>
internal sealed record Outcome(OutcomeKind Kind, ResourceFailure? Failure = null)
{
    /// <summary>How long a resource may stay unchanged, with no deploy in progress, before it counts as failed.</summary>
    internal static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(90);

    private static readonly Outcome Waiting = new(OutcomeKind.Waiting);
    private static readonly Outcome Live = new(OutcomeKind.Live);

    /// <param name="resource">Null when the server does not list the resource.</param>
    /// <param name="unchangedFor">How long its status has been the same.</param>
    public static Outcome Of(ResourceStatus? resource, TimeSpan unchangedFor)
    {
        if (resource is null)
            return unchangedFor > StuckAfter ? Failed("apply", "The server does not know this resource.", "Apply the Blueprint again with `portico up`.") : Waiting;
        if (IsDeploying(resource.Deploy?.Status))
            return Waiting;
        if (HasFailed(resource.Deploy?.Status) || resource.Status == "failed")
            return new Outcome(OutcomeKind.Failed, resource.Failure ?? Unexplained(resource));
        return resource.Status switch
        {
            "live" or "available" or "asleep" => Live,
            "suspended" => Failed("start", "The service is suspended.", "Resume it, then run `portico up` again."),
            "unhealthy" or "unavailable" => WaitingOrUnwell(resource, unchangedFor),
            "not_deployed" when resource.Progress is null && unchangedFor > StuckAfter =>
                Failed("deploy", "No deploy was started.", "Retry with `portico up`, or check the machine with `portico doctor`."),
            _ => Waiting,
        };
    }

    /// <summary>
    /// The outcome for <c>start</c>, which only brings back what ran before: a deploy that failed earlier, or a resource
    /// without a deploy, does not count as a failure. A deploy that was in progress is resumed, and counts.
    /// </summary>
    /// <param name="begun">When <c>start</c> began.</param>
    public static Outcome OfStart(ResourceStatus? resource, TimeSpan unchangedFor, DateTimeOffset begun) => resource?.Status switch
    {
        _ when resource?.Deploy is { FinishedAt: { } finished, Status: not "canceled" } deploy && finished >= begun && HasFailed(deploy.Status) =>
            new Outcome(OutcomeKind.Failed, resource.Failure ?? Unexplained(resource)),
        "unhealthy" or "unavailable" => WaitingOrUnwell(resource, unchangedFor),
        // A data store stays 'available' until the server notices otherwise.
        "available" when resource.Instances.All(instance => instance.Status != "ready") => WaitingOrUnwell(resource, unchangedFor),
        "deploying" or "waking" or "creating" => Waiting,
        _ => Live,
    };

    private static Outcome WaitingOrUnwell(ResourceStatus resource, TimeSpan unchangedFor) =>
        unchangedFor > StuckAfter ? new Outcome(OutcomeKind.Failed, resource.Failure ?? Unexplained(resource)) : Waiting;

    private static bool IsDeploying(string? deploy) => deploy is
        "created" or "queued" or "build_in_progress" or "pre_deploy_in_progress" or "update_in_progress";

    private static bool HasFailed(string? deploy) => deploy is
        "build_failed" or "pre_deploy_failed" or "update_failed" or "canceled";

    private static ResourceFailure Unexplained(ResourceStatus resource) => new(
        resource.Deploy?.Status is "build_failed" ? "build" : "start",
        resource.Deploy is { } deploy && HasFailed(deploy.Status)
            ? $"Deploy {deploy.Id} ended with status {deploy.Status}."
            : $"Its status is {resource.Status}.",
        [], null);

    private static Outcome Failed(string step, string message, string hint) =>
        new(OutcomeKind.Failed, new ResourceFailure(step, message, [], hint));
}
