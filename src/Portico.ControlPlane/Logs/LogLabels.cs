namespace Portico.ControlPlane.Logs;

internal enum LogType
{
    App,
    Build,
    Request,
}

internal enum LogSeverity
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <summary>
/// The labels of a line: everything that it can be found by except its path and text. Many lines share their labels, so each
/// set is stored once.
/// </summary>
internal sealed record LogLabels
{
    /// <summary>The id of the service or data store.</summary>
    public required string Resource { get; init; }

    public required LogType Type { get; init; }

    public required LogSeverity Level { get; init; }

    /// <summary>The instance; the deploy for a build; the run for a job or cron run.</summary>
    public string? Instance { get; init; }

    public string? Host { get; init; }

    public string? StatusCode { get; init; }

    public string? Method { get; init; }
}

internal static class LogLabelNames
{
    public static string ToWord(this LogType type) => type switch
    {
        LogType.App => "app",
        LogType.Build => "build",
        LogType.Request => "request",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static string ToWord(this LogSeverity level) => level switch
    {
        LogSeverity.Debug => "debug",
        LogSeverity.Info => "info",
        LogSeverity.Warning => "warning",
        LogSeverity.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
