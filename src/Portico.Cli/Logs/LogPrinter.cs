using System.Globalization;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Hosting;

namespace Portico.Cli.Logs;

/// <summary>Prints log lines: for people, or as one JSON object per line.</summary>
internal sealed class LogPrinter(CliHost host, LogsOptions options, bool severalInstances)
{
    private readonly SourcePrefix _prefix = new(host.OutStyle, severalInstances);

    public bool HasPrinted { get; private set; }

    public void Print(LogEntry entry)
    {
        HasPrinted = true;
        host.Out.WriteLine(options.Json ? Json(entry) : Time(entry) + _prefix.Of(entry) + TerminalText.Output(entry.Text, host.OutStyle.Enabled));
    }

    /// <summary>The text is as the app wrote it: JSON escapes what a terminal would obey.</summary>
    private static string Json(LogEntry entry) =>
        JsonSerializer.Serialize(new LogItem(entry.At, entry.Level, entry.Source, entry.Text), LogJson.Readable.LogItem);

    private string Time(LogEntry entry) => options.Timestamps && entry.At is { } at
        ? host.OutStyle.Dim(TimeZoneInfo.ConvertTime(at, host.Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)) + " "
        : "";
}
