using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>
/// The failures below the table of <c>portico status</c>. One that is over an hour old is only counted: a user who asks about
/// something else has seen it many times.
/// </summary>
internal static class FailureList
{
    internal static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    public static void Write(CliHost host, IEnumerable<ResourceStatus> resources)
    {
        var failed = resources.Where(item => item.Failure is not null).ToLookup(item => IsOld(item, host.Time.GetUtcNow()));
        foreach (var item in failed[false])
            host.Error.WriteLine($"{host.ErrorStyle.Red("failed:")} {item.Name}: {item.Failure!.Step}: {TerminalText.Line(item.Failure.Message)}");
        var old = failed[true].Select(item => item.Name).ToList();
        if (old.Count > 0)
            host.Error.WriteLine(host.ErrorStyle.Dim(
                $"{(old.Count == 1 ? "An older deploy" : $"{old.Count} older deploys")} failed: {string.Join(", ", old)}. `portico logs {(old.Count == 1 ? old[0] : "NAME")}` shows why."));
    }

    /// <summary>A data store has no deploy: it fails now.</summary>
    private static bool IsOld(ResourceStatus item, DateTimeOffset now) => item.Deploy?.FinishedAt is { } at && now - at > Recent;
}
