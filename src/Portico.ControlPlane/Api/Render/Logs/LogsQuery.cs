using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Render.Logs;

/// <summary>Parses the query of a request for logs.</summary>
internal sealed class LogsQuery
{
    private const int DefaultLimit = 20, LargestLimit = 100, DefaultPage = 200, LargestPage = 1000, MostValues = 50;
    private static readonly long DefaultSpan = (long)TimeSpan.FromHours(1).TotalNanoseconds;

    private readonly IQueryCollection _query;

    private LogsQuery(IQueryCollection query) => _query = query;

    public string? OwnerId => Text("ownerId");

    /// <exception cref="RefusedException">The parameter is missing.</exception>
    public IReadOnlyList<string> Resources => List("resource") is { Count: > 0 } resources
        ? resources
        : throw Refusal.Invalid("resource: must contain the id of at least one service, data store or job.");

    public bool HasResources => List("resource").Count > 0;

    /// <exception cref="RefusedException">The value is unknown.</exception>
    public LogOrder Order => Text("direction") switch
    {
        null or "backward" => LogOrder.NewestFirst,
        "forward" => LogOrder.OldestFirst,
        var other => throw Refusal.Invalid($"direction: unknown value '{other}'; use backward or forward."),
    };

    /// <exception cref="RefusedException">The value is not a number or is out of range.</exception>
    public int Limit => GivenLimit ?? DefaultLimit;

    public int? GivenLimit => LimitUpTo(LargestLimit);

    /// <summary>As <see cref="Limit"/>, for pages of a log that may have millions of lines.</summary>
    public int PageLimit => LimitUpTo(LargestPage) ?? DefaultPage;

    /// <summary>Which lines of the range are wanted: those before, after or around an id. Null for the newest.</summary>
    /// <exception cref="RefusedException">A value is not an id, or there are several.</exception>
    public LogPlace? Place
    {
        get
        {
            var given = Enum.GetValues<LogSide>().Select(side => (Side: side, Name: NameOf(side))).Where(item => Text(item.Name) is not null).ToList();
            if (given.Count > 1)
                throw Refusal.Invalid($"{given[1].Name}: can't be combined with {given[0].Name}.");
            return given.Count == 0 ? null
                : long.TryParse(Text(given[0].Name), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new LogPlace(given[0].Side, new LogTime(id))
                : throw Refusal.Invalid($"{given[0].Name}: must be the id of a line.");
        }
    }

    public LogTime? Start => Time("startTime");

    public LogTime? End => Time("endTime");

    /// <summary>Returns the time range; by default, the last hour.</summary>
    /// <param name="newest">The time of the newest stored line, which counts as now.</param>
    /// <exception cref="RefusedException">A time is invalid, or the end is before the start.</exception>
    public LogRange Range(LogTime newest)
    {
        var end = End ?? newest;
        var start = Start ?? new LogTime(Math.Max(0, end.Nanoseconds - DefaultSpan));
        return start <= end || End is null ? new LogRange(start, end) : throw Refusal.Invalid("endTime: must not be before startTime.");
    }

    /// <summary>Returns the time range; by default, everything that is kept.</summary>
    /// <param name="newest">The time of the newest stored line, which counts as now.</param>
    /// <exception cref="RefusedException">A time is invalid, or the end is before the start.</exception>
    public LogRange WholeRange(LogTime newest)
    {
        var range = new LogRange(Start ?? default, End ?? newest);
        return range.First <= range.Last || End is null ? range : throw Refusal.Invalid("endTime: must not be before startTime.");
    }

    /// <exception cref="RefusedException">A pattern is invalid, or names a label that does not exist.</exception>
    public LogFilter Filter(IReadOnlyList<string> resources)
    {
        foreach (var name in (string[])["task", "taskRun", "sandbox"])
            if (List(name).Count > 0)
                throw Refusal.Invalid($"{name}: not supported, because Portico has no workflows and no workflow sandboxes.");
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

    /// <summary>Returns a function that reads the label whose values are listed.</summary>
    /// <exception cref="RefusedException">The label is unknown.</exception>
    public Func<LogLabels, string?> Label => Text("label") switch
    {
        "instance" => static labels => labels.Instance,
        "host" => static labels => labels.Host,
        "statusCode" => static labels => labels.StatusCode,
        "method" => static labels => labels.Method,
        "level" => static labels => labels.Level.ToWord(),
        "type" => static labels => labels.Type.ToWord(),
        _ => throw Refusal.Invalid("label: must be one of instance, host, statusCode, method, level, type."),
    };

    public static ValueTask<LogsQuery> BindAsync(HttpContext context) => ValueTask.FromResult(new LogsQuery(context.Request.Query));

    private int? LimitUpTo(int largest) => Text("limit") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= largest ? limit
        : throw Refusal.Invalid($"limit: must be a whole number from 1 to {largest}.");

    private static string NameOf(LogSide side) => side switch
    {
        LogSide.Before => "before",
        LogSide.After => "after",
        LogSide.Around => "around",
        _ => throw new ArgumentOutOfRangeException(nameof(side)),
    };

    private string? Text(string name) => _query[name].ToString() is { Length: > 0 } value ? value : null;

    private LogTime? Time(string name) => Text(name) is not { } text ? null
        : LogTime.TryParse(text, out var time) ? time
        : throw Refusal.Invalid($"{name}: '{text}' is not a valid time; use the format 2026-01-31T12:00:00Z.");

    private IReadOnlyList<TextPattern> Labels(string name) => Patterns(name, List(name), whole: true);

    /// <summary>Values may be repeated or joined with commas; a comma in a regular expression belongs to it.</summary>
    private List<string> List(string name) =>
        [.. _query[name].OfType<string>().SelectMany(value => value is ['/', _, .., '/'] ? [value] : value.Split(',')).Where(value => value.Length > 0).Distinct()];

    private static IReadOnlyList<TextPattern> Patterns(string name, List<string> values, bool whole)
    {
        if (values.Count > MostValues)
            throw Refusal.Invalid($"{name}: must not have more than {MostValues} values.");
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
