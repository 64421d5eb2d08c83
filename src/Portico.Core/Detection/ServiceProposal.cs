using Portico.Core.Services;

namespace Portico.Core.Detection;

/// <summary>A service that a project probably is. Every value is a guess, in the words of a Blueprint; null where the field is not needed.</summary>
public sealed record ServiceProposal
{
    /// <summary>Lower-case letters, digits and dashes, at most 40; unique in the project.</summary>
    public string Name { get; init; } = "";

    /// <summary>For example <c>Next.js</c>.</summary>
    public required string Framework { get; init; }

    public required ServiceType Type { get; init; }

    /// <summary>One of the runtimes of a Blueprint: <c>node</c>, <c>python</c>, <c>static</c>, <c>docker</c>, …</summary>
    public required Guess Runtime { get; init; }

    /// <summary>The field <c>rootDir</c>, to which commands and paths are relative.</summary>
    public Guess? RootDirectory { get; init; }

    public Guess? BuildCommand { get; init; }

    public Guess? StartCommand { get; init; }

    /// <summary>The field <c>staticPublishPath</c>.</summary>
    public Guess? PublishPath { get; init; }

    public Guess? HealthCheckPath { get; init; }

    public Guess? DockerfilePath { get; init; }

    /// <summary>The page that a static site answers with at every path that is no file.</summary>
    public Guess? FallbackPage { get; init; }

    public IReadOnlyList<VariableProposal> Variables { get; init; } = [];

    /// <summary>What the user has to know or to change, each as one sentence.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether a variable needs a database of the service's own.</summary>
    public bool NeedsDatabase => Variables.Any(variable => variable.Source == VariableSource.Database);

    /// <summary>The name of that database.</summary>
    public string DatabaseName => $"{Name}-db";
}
