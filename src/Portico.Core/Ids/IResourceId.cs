using System.Diagnostics.CodeAnalysis;

namespace Portico.Core.Ids;

/// <summary>An id of one kind: three letters, a dash and a body, for example <c>srv-0123456789abcdefghij</c>.</summary>
public interface IResourceId<TSelf> where TSelf : struct, IResourceId<TSelf>
{
    static abstract string Prefix { get; }

    string Value { get; }

    static abstract TSelf FromBody(string body);
}

public static class ResourceId
{
    /// <summary>Parses an id of the expected kind; ids of other kinds are refused.</summary>
    public static bool TryParse<TId>([NotNullWhen(true)] string? text, out TId id) where TId : struct, IResourceId<TId>
    {
        id = default;
        if (text is null || !text.StartsWith(TId.Prefix, StringComparison.Ordinal)
            || !IdBody.IsValid(text.AsSpan(TId.Prefix.Length)))
            return false;
        id = TId.FromBody(text[TId.Prefix.Length..]);
        return true;
    }

    /// <exception cref="FormatException">The text is not an id of this kind.</exception>
    public static TId Parse<TId>(string text) where TId : struct, IResourceId<TId> =>
        TryParse<TId>(text, out var id) ? id : throw new FormatException($"'{text}' is not a valid id: it must have the form {TId.Prefix}….");
}
