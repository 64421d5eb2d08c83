using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Up;

/// <summary>One resource of the Blueprint, as far as it is.</summary>
/// <param name="Status">Null while the server does not list it.</param>
/// <param name="Elapsed">Since the watching began, until it arrived.</param>
internal sealed record TrackedResource(string Name, ResourceStatus? Status, Outcome Outcome, TimeSpan Elapsed)
{
    /// <summary>A few words, for a person.</summary>
    public string Phase => Outcome.Kind switch
    {
        OutcomeKind.Live => Status?.Status ?? "deleted",
        OutcomeKind.Failed => $"{Outcome.Failure!.Step} failed",
        _ => Status?.Progress?.Phase ?? Status?.Deploy?.Status.Replace('_', ' ') ?? Status?.Status.Replace('_', ' ') ?? "waiting",
    };
}
