using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Hosting;

namespace Portico.Cli.Up;

/// <summary>Prints the end of <c>up</c>: each failure with a hint, then the URLs.</summary>
internal static class UpSummary
{
    private const int MostLines = 20;

    /// <param name="good">The message when everything is live.</param>
    /// <returns>The exit code.</returns>
    public static int Write(CliHost host, PlatformStatus status, IReadOnlyList<TrackedResource> resources, string good)
    {
        var failed = resources.Where(item => item.Outcome.Kind == OutcomeKind.Failed).ToList();
        foreach (var item in failed)
            WriteFailure(host, item);
        EdgeReport.Write(host, status);
        WriteWarnings(host, resources);
        var isLive = failed.Count == 0 && status.EdgeProblem is null;
        if (isLive)
            host.Out.WriteLine(host.OutStyle.Green(good));
        StatusTable.WriteAddresses(host.Out, host.OutStyle, resources.Select(item => item.Status).OfType<ResourceStatus>(), host.Width);
        return isLive ? ExitCode.Ok : ExitCode.Failure;
    }

    /// <param name="withLines">Whether to show the last lines of output; not where they have just been shown.</param>
    public static void WriteFailure(CliHost host, string name, ResourceFailure failure, bool withLines) => ErrorReport.Write(
        host, $"{name}: {failure.Step} failed: {failure.Message}", failure.Hint, withLines ? [.. failure.LastLines.TakeLast(MostLines)] : []);

    private static void WriteFailure(CliHost host, TrackedResource item)
    {
        var failure = item.Outcome.Failure!;
        WriteFailure(host, item.Name, failure, withLines: true);
        var more = failure.Step is "build" or "publish" or "pre-deploy command" ? " --build" : "";
        host.Error.WriteLine($"{host.ErrorStyle.Cyan("more:")} portico logs {item.Name}{more}");
    }

    private static void WriteWarnings(CliHost host, IReadOnlyList<TrackedResource> resources)
    {
        foreach (var item in resources)
            foreach (var warning in item.Status?.Warnings ?? [])
                host.Error.WriteLine($"{host.ErrorStyle.Yellow("warning:")} {item.Name}: {TerminalText.Line(warning)}");
    }
}
