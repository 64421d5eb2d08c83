using System.Globalization;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Logs;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Maps lines to messages. Each set of labels is sent once.</summary>
internal static class LogLinesWire
{
    /// <param name="lines">Oldest first.</param>
    /// <param name="searched">All matching lines of this range are among the lines.</param>
    public static LogLines Of(IEnumerable<StoredLog> lines, LogRange searched, bool hasOlder, bool hasNewer)
    {
        var labels = new Dictionary<LogLabels, int>();
        var mapped = new List<LogLine>();
        foreach (var line in lines)
        {
            if (!labels.TryGetValue(line.Labels, out var index))
                labels.Add(line.Labels, index = labels.Count);
            mapped.Add(new LogLine(IdOf(line.Time), index, line.Message, line.Path));
        }
        return new LogLines([.. labels.Keys.Select(Of)], mapped, IdOf(searched.First), IdOf(searched.Last), hasOlder, hasNewer);
    }

    /// <summary>Joins a page and the page that follows it.</summary>
    public static LogLines Joined(LogLines older, LogLines newer) => new(
        [.. older.Labels, .. newer.Labels], [.. older.Lines, .. newer.Lines.Select(line => line with { Labels = line.Labels + older.Labels.Count })],
        older.From, newer.To, older.HasOlder, newer.HasNewer);

    public static LogHistogram Of(LogCounts counts) => new(
        IdOf(counts.Range.First), IdOf(counts.Range.Last), IdOf(counts.SearchedFrom),
        Enum.GetValues<LogSeverity>().Where(level => counts.Of(level).Any(count => count > 0)).ToDictionary(level => level.ToWord(), counts.Of));

    private static LogLabelSet Of(LogLabels labels) => new(
        labels.Resource, labels.Type.ToWord(), labels.Level.ToWord(), labels.Instance, labels.Host, labels.StatusCode, labels.Method);

    private static string IdOf(LogTime time) => time.Nanoseconds.ToString(CultureInfo.InvariantCulture);
}
