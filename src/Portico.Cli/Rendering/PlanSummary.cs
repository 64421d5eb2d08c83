using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>Prints a plan in colour. The summary leaves out what does not change.</summary>
internal static class PlanSummary
{
    public static bool IsNothing(BlueprintResult result) =>
        result.Deploys.Count == 0 && result.Changes.All(change => change.Action == "unchanged");

    /// <summary>Writes one line for each resource that changes, and what is deployed and why.</summary>
    public static void WriteChanges(TextWriter output, Style style, BlueprintResult result)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var deploy in result.Deploys)
            reasons[deploy.Service] = deploy.Reason;
        foreach (var change in result.Changes)
        {
            var why = reasons.Remove(change.Name, out var reason) ? $"deploy: {reason}" : "";
            if (change.Action != "unchanged" || why.Length > 0)
                output.WriteLine(Line(style, change, why));
        }
        foreach (var (service, reason) in reasons)
            output.WriteLine($"  {style.Yellow("~")} {service}  {style.Dim($"deploy: {reason}")}");
    }

    public static void WriteWhole(TextWriter output, Style style, string planText)
    {
        foreach (var line in planText.TrimEnd('\n').Split('\n'))
        {
            var shown = TerminalText.Line(line);
            output.WriteLine(shown.TrimStart() switch
            {
                ['+', ..] => style.Green(shown),
                ['~', ..] => style.Yellow(shown),
                ['-' or '!', ..] => style.Red(shown),
                _ => shown,
            });
        }
    }

    private static string Line(Style style, PlannedChange change, string deploy)
    {
        var sign = change.Action == "create" ? style.Green("+") : style.Yellow("~");
        var action = change.Action == "unchanged" ? "" : change.Action;
        var notes = string.Join(", ", new[] { action, deploy }.Where(note => note.Length > 0));
        return $"  {sign} {change.Kind} {style.Bold(change.Name)}  {style.Dim(notes)}";
    }
}
