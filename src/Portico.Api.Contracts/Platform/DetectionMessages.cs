namespace Portico.Api.Contracts.Platform;

/// <summary>Body of <c>POST /portico/v1/sources/detect</c>: what a form for a new service has been given so far.</summary>
public sealed record DetectApps
{
    public required string OwnerId { get; init; }

    /// <summary>The type of the new service, as in Render's API.</summary>
    public required string Type { get; init; }

    public required string Repo { get; init; }

    /// <summary>The branch; null or empty for the default branch.</summary>
    public string? Branch { get; init; }

    /// <summary>Only apps in this directory; null or empty for all.</summary>
    public string? RootDir { get; init; }
}

/// <summary>The apps that were recognized in a repository by its files. Everything is a guess.</summary>
/// <param name="Commit">The commit that was looked at.</param>
/// <param name="IsCut">Whether the repository has more files than are looked at.</param>
public sealed record DetectedApps(string Commit, IReadOnlyList<DetectedApp> Apps, bool IsCut);

/// <param name="Framework">For example <c>Next.js</c>.</param>
/// <param name="Type">The type of service that it usually is, as in Render's API.</param>
/// <param name="Directory">Its directory in the repository; empty for the root.</param>
/// <param name="Fields">Values for a new service of the requested type; empty if the app cannot be one of that type.</param>
/// <param name="Notes">What the user has to know or to do, each as one sentence.</param>
public sealed record DetectedApp(string Framework, string Type, string Directory, IReadOnlyList<GuessedField> Fields, IReadOnlyList<string> Notes);

/// <param name="Field">Where it is in the body of <c>POST /v1/services</c>, for example <c>serviceDetails.runtime</c>.</param>
/// <param name="Reason">Why, as the beginning of a sentence without a full stop.</param>
public sealed record GuessedField(string Field, string Value, string Reason);
