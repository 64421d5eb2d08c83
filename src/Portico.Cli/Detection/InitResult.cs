using Portico.Core.Detection;
using Portico.Core.Services;

namespace Portico.Cli.Detection;

/// <summary>What <c>init --json</c> prints.</summary>
/// <param name="File">The file that was written.</param>
internal sealed record InitResult(string File, IReadOnlyList<InitService> Services)
{
    public static InitResult Of(string file, IReadOnlyList<ServiceProposal> services) => new(file, [.. services.Select(InitService.Of)]);
}

/// <summary>A proposed service. Each guess has a value and a reason, or is null.</summary>
internal sealed record InitService(
    string Name, string Framework, string Type, Guess Runtime, Guess? RootDir, Guess? BuildCommand, Guess? StartCommand, Guess? StaticPublishPath,
    Guess? HealthCheckPath, Guess? DockerfilePath, Guess? FallbackPage, IReadOnlyList<InitVariable> EnvVars, IReadOnlyList<string> Notes)
{
    public static InitService Of(ServiceProposal proposal) => new(
        proposal.Name, proposal.Framework, proposal.Type.Name(), proposal.Runtime, proposal.RootDirectory, proposal.BuildCommand, proposal.StartCommand,
        proposal.PublishPath, proposal.HealthCheckPath, proposal.DockerfilePath, proposal.FallbackPage,
        [.. proposal.Variables.Select(variable => new InitVariable(variable.Key, variable.Source.ToString().ToLowerInvariant(), variable.Value, variable.Reason))],
        proposal.Notes);
}

/// <param name="Source"><c>literal</c>, <c>generated</c>, <c>prompted</c> or <c>database</c>.</param>
internal sealed record InitVariable(string Key, string Source, string? Value, string Reason);
