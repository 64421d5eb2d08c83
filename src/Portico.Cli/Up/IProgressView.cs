namespace Portico.Cli.Up;

/// <summary>Shows the progress of resources while <c>watch</c> runs.</summary>
internal interface IProgressView
{
    Task<IReadOnlyList<TrackedResource>> ShowAsync(
        Func<Action<IReadOnlyList<TrackedResource>>, Task<IReadOnlyList<TrackedResource>>> watch);
}
