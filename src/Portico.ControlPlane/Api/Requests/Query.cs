using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>The filters of a list. Values may be repeated (<c>k=a&amp;k=b</c>) or joined with commas (<c>k=a,b</c>).</summary>
internal sealed class Query
{
    private readonly IQueryCollection _query;

    private Query(IQueryCollection query) => _query = query;

    public IReadOnlyList<string> List(string name) =>
        [.. _query[name].SelectMany(value => (value ?? "").Split(',')).Where(value => value.Length > 0).Distinct()];

    /// <summary>Returns the values as sent, for values that may contain commas; see <see cref="CommaFilter"/>.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. _query[name].OfType<string>().Where(value => value.Length > 0)];

    /// <exception cref="RefusedException">A value is unknown.</exception>
    public IReadOnlyList<T> List<T>(string name, Func<string, T?> parse, string expected) where T : struct =>
        [.. List(name).Select(value => parse(value) ?? throw Refusal.Invalid($"{name}: unknown value '{value}'; {expected}."))];

    public string? Text(string name) => _query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <exception cref="RefusedException">The value is not an RFC 3339 time.</exception>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Refusal.Invalid($"{name}: '{text}' is not a valid time; use the format 2026-01-31T12:00:00Z.");
    }

    /// <summary>Reads a pair such as <c>createdBefore</c> and <c>createdAfter</c>.</summary>
    /// <exception cref="RefusedException">One of them is not an RFC 3339 time.</exception>
    internal TimeBounds Bounds(string name) => new(Time($"{name}Before"), Time($"{name}After"));

    /// <exception cref="RefusedException">The value is neither true nor false.</exception>
    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw Refusal.Invalid($"{name}: must be true or false, not '{other}'."),
    };

    public static ValueTask<Query> BindAsync(HttpContext context)
    {
        return ValueTask.FromResult(new Query(context.Request.Query));
    }
}
