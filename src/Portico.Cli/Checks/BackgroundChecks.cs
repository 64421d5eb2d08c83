using System.Globalization;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Checks;

/// <summary>Turns what fails in the background of the server and its edge into checks.</summary>
internal static class BackgroundChecks
{
    private const string Fix = "It is retried, and everything else continues. Remove the cause; the server log has details.";

    public static IEnumerable<CheckResult> Of(BackgroundReport report)
    {
        var failing = report.Server.Where(loop => loop.FailingSince is not null)
            .Select(loop => CheckResult.Error(loop.Name, $"failing since {Time(loop.FailingSince!.Value)}: {loop.Message}", Fix));
        var items = report.Server.SelectMany(loop => loop.Items.Select(item => CheckResult.Warning(
            loop.Name, $"{item.Item} has failed {Times(item.Attempts)} since {Time(item.FailingSince)}, next attempt at {Time(item.RetryAt)}: {item.Message}", Fix)));
        var edge = (report.Edge ?? []).Select(loop => CheckResult.Error(
            $"edge {loop.Name}", $"failing since {Time(loop.FailingSince)}: {loop.Message}", "It is retried. An edge that cannot serve is replaced."));
        CheckResult[] problems = [.. failing, .. items, .. edge];
        return problems.Length > 0 ? problems : [CheckResult.Ok("background", Summary(report))];
    }

    private static string Summary(BackgroundReport report)
    {
        var slowest = report.Server.MaxBy(loop => loop.DurationSeconds);
        return slowest is null
            ? "no loop has run yet"
            : string.Create(CultureInfo.InvariantCulture, $"{report.Server.Count} loops run; the slowest is '{slowest.Name}' ({slowest.DurationSeconds * 1000:0} ms)");
    }

    private static string Times(int attempts) => attempts == 1 ? "once" : $"{attempts} times";

    private static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
