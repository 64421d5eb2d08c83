using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Up;

/// <summary>The progress of one resource of the Blueprint.</summary>
/// <param name="Status">Null while the server does not list the resource.</param>
/// <param name="Elapsed">Time from the start of the watch until the resource was live or failed.</param>
internal sealed record TrackedResource(string Name, ResourceStatus? Status, Outcome Outcome, TimeSpan Elapsed)
{
    /// <summary>A short description for people.</summary>
    public string Phase => Outcome.Kind switch
    {
        OutcomeKind.Live => Status?.Status ?? "deleted",
        OutcomeKind.Failed => $"{Outcome.Failure!.Step} failed",
        _ => Status?.Progress?.Phase ?? Status?.Deploy?.Status.Replace('_', ' ') ?? Status?.Status.Replace('_', ' ') ?? "waiting",
    };
}
