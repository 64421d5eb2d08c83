using System.Text.Json;
using Portico.Core.Detection;
using Portico.Core.Detection.Files;
using Portico.Core.Services;
using Portico.Testing;

namespace Portico.Core.Tests.Detection;

/// <summary>
/// A public repository: the names of its files, the lines of its manifests that matter, and the services that its authors or
/// Render's guides would write down. What is expected was written before the detector first ran on it.
/// </summary>
internal sealed record RepositoryCase(string Repository, IReadOnlyList<ExpectedService> Expected, Dictionary<string, string[]> Files, IReadOnlyList<string> Paths)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IEnumerable<RepositoryCase> ReadAll(string folder) =>
        Directory.EnumerateFiles(SourceTree.PathOf("tests", "Portico.Core.Tests", "Detection", folder), "*.json").Order(StringComparer.Ordinal)
            .Select(file => JsonSerializer.Deserialize<RepositoryCase>(File.ReadAllText(file), Options)!);

    public IReadOnlyList<ExpectedService> Detect() =>
        [.. ProjectDetector.Detect(new ProjectTree(Paths, Read), Repository.Split('/')[1]).Services.Select(ExpectedService.Of)];

    private string? Read(string path) => Files.TryGetValue(path, out var lines) ? string.Join('\n', lines) : "";
}

/// <summary>A service in the words of a Blueprint.</summary>
internal sealed record ExpectedService(
    string Type, string Runtime, string? RootDir, string? BuildCommand, string? StartCommand, string? StaticPublishPath, string? HealthCheckPath, string? DockerfilePath)
{
    public static ExpectedService Of(ServiceProposal proposal) => new(
        proposal.Type == ServiceType.BackgroundWorker ? "worker" : "web", proposal.Runtime.Value, proposal.RootDirectory?.Value, proposal.BuildCommand?.Value,
        proposal.StartCommand?.Value, proposal.PublishPath?.Value, proposal.HealthCheckPath?.Value, proposal.DockerfilePath?.Value);

    public override string ToString() => string.Join(" | ", new[] { Type, Runtime, RootDir, BuildCommand, StartCommand, StaticPublishPath, HealthCheckPath, DockerfilePath }
        .Select(value => value ?? "-"));
}
