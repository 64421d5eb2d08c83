using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Render.Logs;

/// <summary>Which lines a request asks for.</summary>
internal sealed class LogsQuery
{
    private const int DefaultLimit = 20, LargestLimit = 100, MostValues = 50;
    private static readonly long DefaultSpan = (long)TimeSpan.FromHours(1).TotalNanoseconds;

    private readonly IQueryCollection _query;

    private LogsQuery(IQueryCollection query) => _query = query;

    public string? OwnerId => Text("ownerId");

    /// <exception cref="RefusedException">There is none.</exception>
    public IReadOnlyList<string> Resources => List("resource") is { Count: > 0 } resources
        ? resources
        : throw Refusal.Invalid("resource: give the id of at least one service, data store or job.");

    /// <exception cref="RefusedException">It is neither of the two.</exception>
    public LogOrder Order => Text("direction") switch
    {
        null or "backward" => LogOrder.NewestFirst,
        "forward" => LogOrder.OldestFirst,
        var other => throw Refusal.Invalid($"direction: '{other}' is neither 'backward' nor 'forward'."),
    };

    /// <exception cref="RefusedException">It is no number, or out of range.</exception>
    public int Limit => GivenLimit ?? DefaultLimit;

    public int? GivenLimit => Text("limit") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LargestLimit ? limit
        : throw Refusal.Invalid($"limit: a whole number from 1 to {LargestLimit} is needed.");

    public LogTime? Start => Time("startTime");

    public LogTime? End => Time("endTime");

    /// <summary>The last hour, unless something else is asked for.</summary>
    /// <param name="newest">What counts as now: nothing that is stored is later.</param>
    /// <exception cref="RefusedException">A time is none, or the end comes before the start.</exception>
    public LogRange Range(LogTime newest)
    {
        var end = End ?? newest;
        var start = Start ?? new LogTime(Math.Max(0, end.Nanoseconds - DefaultSpan));
        return start <= end || End is null ? new LogRange(start, end) : throw Refusal.Invalid("endTime: must not be before startTime.");
    }

    /// <exception cref="RefusedException">A pattern cannot be used, or is about what does not exist.</exception>
    public LogFilter Filter(IReadOnlyList<string> resources)
    {
        foreach (var name in (string[])["task", "taskRun", "sandbox"])
            if (List(name).Count > 0)
                throw Refusal.Invalid($"{name}: Portico has no workflows or sandboxes, so no line has this label.");
        return new LogFilter
        {
            Resources = resources,
            Instance = Labels("instance"),
            Type = Labels("type"),
            Level = Labels("level"),
            Host = Labels("host"),
            StatusCode = Labels("statusCode"),
            Method = Labels("method"),
            Path = Labels("path"),
            Text = Patterns("text", [.. _query["text"].OfType<string>().Where(value => value.Length > 0)], whole: false),
        };
    }

    /// <summary>The label whose values are asked for.</summary>
    /// <exception cref="RefusedException">It is not one of them.</exception>
    public Func<LogLabels, string?> Label => Text("label") switch
    {
        "instance" => static labels => labels.Instance,
        "host" => static labels => labels.Host,
        "statusCode" => static labels => labels.StatusCode,
        "method" => static labels => labels.Method,
        "level" => static labels => labels.Level.ToWord(),
        "type" => static labels => labels.Type.ToWord(),
        _ => throw Refusal.Invalid("label: one of instance, host, statusCode, method, level, type is needed."),
    };

    public static ValueTask<LogsQuery> BindAsync(HttpContext context) => ValueTask.FromResult(new LogsQuery(context.Request.Query));

    private string? Text(string name) => _query[name].ToString() is { Length: > 0 } value ? value : null;

    private LogTime? Time(string name) => Text(name) is not { } text ? null
        : LogTime.TryParse(text, out var time) ? time
        : throw Refusal.Invalid($"{name}: '{text}' is not a time; write it as in 2026-01-31T12:00:00Z.");

    private IReadOnlyList<TextPattern> Labels(string name) => Patterns(name, List(name), whole: true);

    /// <summary>Repeated or comma-joined; a comma in a regular expression is its own.</summary>
    private List<string> List(string name) =>
        [.. _query[name].OfType<string>().SelectMany(value => value is ['/', _, .., '/'] ? [value] : value.Split(',')).Where(value => value.Length > 0).Distinct()];

    private static IReadOnlyList<TextPattern> Patterns(string name, List<string> values, bool whole)
    {
        if (values.Count > MostValues)
            throw Refusal.Invalid($"{name}: at most {MostValues} values can be given.");
        try
        {
            return [.. values.Select(value => TextPattern.Parse(value, whole))];
        }
        catch (FormatException exception)
        {
            throw Refusal.Invalid($"{name}: a value {exception.Message}.");
        }
    }
}
