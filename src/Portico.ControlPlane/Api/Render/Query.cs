using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Render;

/// <summary>Filters of a list. Lists of values may be repeated (<c>k=a&amp;k=b</c>) or comma-joined (<c>k=a,b</c>).</summary>
public sealed class Query
{
    private readonly IQueryCollection _query;

    private Query(IQueryCollection query) => _query = query;

    public IReadOnlyList<string> List(string name) =>
        [.. _query[name].SelectMany(value => (value ?? "").Split(',')).Where(value => value.Length > 0).Distinct()];

    /// <summary>As they were sent, for values that may hold commas themselves; see <see cref="CommaFilter"/>.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. _query[name].OfType<string>().Where(value => value.Length > 0)];

    /// <exception cref="RefusedException">A value is not one of those that are known.</exception>
    public IReadOnlyList<T> List<T>(string name, Func<string, T?> parse, string expected) where T : struct =>
        [.. List(name).Select(value => parse(value) ?? throw Refusal.Invalid($"{name}: '{value}' is not known; {expected}."))];

    public string? Text(string name) => _query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <exception cref="RefusedException">It is not an RFC 3339 time.</exception>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Refusal.Invalid($"{name}: '{text}' is not a time; write it as in 2026-01-31T12:00:00Z.");
    }

    /// <exception cref="RefusedException">Neither true nor false.</exception>
    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw Refusal.Invalid($"{name}: '{other}' is neither true nor false."),
    };

    /// <exception cref="RefusedException">Not a whole number, or out of range.</exception>
    public int? Number(string name, int least, int most)
    {
        if (Text(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Refusal.Invalid($"{name}: a whole number from {least} to {most} is needed.");
    }

    public static ValueTask<Query> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(new Query(context.Request.Query));
    }
}
