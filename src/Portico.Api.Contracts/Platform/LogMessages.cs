using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Platform;

/// <summary>
/// Lines of logs, oldest first: <c>GET /portico/v1/logs/lines</c>, and each message of <c>/portico/v1/logs/follow</c>. It has every line that matches between
/// <paramref name="From"/> and <paramref name="To"/>.
/// </summary>
/// <param name="Labels">The sets of labels of these lines, each once.</param>
/// <param name="From">The id where the search stopped, or the start of the range. Send it as <c>before</c> to get the lines before it.</param>
/// <param name="To">The same for the other end. Send it as <c>after</c> to get the lines after it.</param>
/// <param name="HasOlder">Whether the range may have earlier lines.</param>
/// <param name="HasNewer">Whether the range may have later lines.</param>
public sealed record LogLines(IReadOnlyList<LogLabelSet> Labels, IReadOnlyList<LogLine> Lines, string From, string To, bool HasOlder, bool HasNewer);

/// <param name="Id">Nanoseconds since 1970. No two lines have the same, and later lines have larger ones.</param>
/// <param name="Labels">The index of its labels.</param>
/// <param name="Path">Of a request.</param>
public sealed record LogLine(string Id, int Labels, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Path = null);

/// <summary>What many lines have in common.</summary>
/// <param name="Type"><c>app</c>, <c>build</c> or <c>request</c>.</param>
/// <param name="Level"><c>debug</c>, <c>info</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Instance">The instance; the deploy for a build; the run for a job or cron run.</param>
public sealed record LogLabelSet(
    string Resource, string Type, string Level,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Instance = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Host = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StatusCode = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Method = null);

/// <summary>How many lines there are in each part of a range: <c>GET /portico/v1/logs/histogram</c>. All parts are equally long.</summary>
/// <param name="From">The beginning, as an id.</param>
/// <param name="To">The end, as an id.</param>
/// <param name="SearchedFrom">Earlier lines were not counted, because the search took too long. Equal to <paramref name="From"/> when all were.</param>
/// <param name="Levels">The counts by level; a level without a line is left out.</param>
public sealed record LogHistogram(string From, string To, string SearchedFrom, IReadOnlyDictionary<string, IReadOnlyList<int>> Levels);
