using Portico.Api.Contracts.Platform;
using Portico.Core.Detection;
using Portico.Core.Services;

namespace Portico.ControlPlane.Detection;

/// <summary>Puts what was recognized into the fields of a new service.</summary>
internal static class AppGuesses
{
    private const string Details = "serviceDetails.", Specific = "serviceDetails.envSpecificDetails.";

    /// <param name="wanted">The type of the new service.</param>
    public static DetectedApp Of(ServiceProposal proposal, ServiceType wanted) => new(
        proposal.Framework, proposal.Type.Name(), proposal.RootDirectory?.Value ?? "", Fits(proposal, wanted) ? [.. Fields(proposal, wanted)] : [], [.. Notes(proposal)]);

    /// <summary>An app that runs can be any service that runs; pages can only be a static site.</summary>
    private static bool Fits(ServiceProposal proposal, ServiceType wanted) => (proposal.Type == ServiceType.StaticSite) == (wanted == ServiceType.StaticSite);

    private static IEnumerable<GuessedField> Fields(ServiceProposal proposal, ServiceType wanted)
    {
        var isSite = wanted == ServiceType.StaticSite;
        (string, Guess?)[] fields =
        [
            ("name", new Guess(proposal.Name, proposal.RootDirectory is null ? "it is the name of the repository" : "it is the name of the directory")),
            ("rootDir", proposal.RootDirectory),
            (Details + "runtime", isSite ? null : proposal.Runtime),
            (isSite ? Details + "buildCommand" : Specific + "buildCommand", proposal.BuildCommand),
            (Details + "publishPath", isSite ? proposal.PublishPath : null),
            // What starts a server is not what a cron job runs.
            (Specific + "startCommand", isSite || wanted == ServiceType.CronJob ? null : proposal.StartCommand),
            (Details + "healthCheckPath", wanted == ServiceType.WebService ? proposal.HealthCheckPath : null),
        ];
        foreach (var (field, guess) in fields)
            if (guess is not null)
                yield return new GuessedField(field, guess.Value, guess.Reason);
    }

    private static IEnumerable<string> Notes(ServiceProposal proposal)
    {
        foreach (var note in proposal.Notes)
            yield return note;
        foreach (var variable in proposal.Variables)
            yield return $"Set the variable {variable.Key} to {ValueOf(variable)}: {variable.Reason}.";
        if (proposal.FallbackPage is { } page)
            yield return $"Add a rewrite from /* to {page.Value}: {page.Reason}.";
        if (proposal.DockerfilePath is { } file)
            yield return $"It is built from {file.Value}: {file.Reason}.";
    }

    private static string ValueOf(VariableProposal variable) => variable.Source switch
    {
        VariableSource.Literal => variable.Value ?? "",
        VariableSource.Generated => "a long random text",
        VariableSource.Database => "the URL of a PostgreSQL database",
        _ => "your own value",
    };
}
