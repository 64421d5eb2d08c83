using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portico.RenderApi.Tests.Recordings;

/// <param name="Place">Where in the answer, without indexes: <c>service.serviceDetails.plan</c>.</param>
internal sealed record Difference(string Place, string Text)
{
    public override string ToString() => $"{(Place.Length == 0 ? "the body" : Place)}: {Text}";
}

/// <summary>Compares an answer with the recorded one: keys, JSON types, and every value that a platform does not choose itself.</summary>
internal sealed partial class Comparison(NameMap names)
{
    /// <summary>Each platform has its own: addresses, secrets, names that are made unique, messages, and how far it is with its work.</summary>
    private static readonly HashSet<string> Own =
    [
        "cursor", "dashboardUrl", "url", "sshAddress", "slug", "email", "secret", "password", "message", "status",
        "cliCommand", "redisCLICommand", "psqlCommand", "internalConnectionString", "externalConnectionString", "databaseName", "databaseUser", "owner.name",
    ];

    /// <summary>What tells the items of a list apart, where Render's document gives the list no order.</summary>
    private static readonly string[] Keys = ["key", "name", "cidrBlock"];

    private readonly List<Difference> _found = [];

    public static IReadOnlyList<Difference> Compare(JsonNode? recorded, JsonNode? ours, NameMap names)
    {
        var comparison = new Comparison(names);
        comparison.Check("", recorded, ours);
        return comparison._found;
    }

    private void Check(string place, JsonNode? recorded, JsonNode? ours)
    {
        var (theirKind, ourKind) = (KindOf(recorded), KindOf(ours));
        if (theirKind != ourKind)
            Tell(place, $"is {Short(ours)}, recorded is {Short(recorded)}");
        else if (recorded is JsonObject item)
            CheckObject(place, item, (JsonObject)ours!);
        else if (recorded is JsonArray list)
            CheckList(place, list, (JsonArray)ours!);
        else if (recorded is JsonValue value)
            CheckValue(place, value, (JsonValue)ours!);
    }

    private void CheckObject(string place, JsonObject recorded, JsonObject ours)
    {
        foreach (var (name, value) in recorded)
            if (ours.TryGetPropertyValue(name, out var mine))
                Check(Join(place, name), value, mine);
            else
                Tell(Join(place, name), $"is missing, recorded is {Short(value)}");
    }

    private void CheckList(string place, JsonArray recorded, JsonArray ours)
    {
        if (recorded.Count != ours.Count)
        {
            Tell(place, $"has {ours.Count} items, recorded are {recorded.Count}: {Short(ours)}");
            return;
        }
        foreach (var (theirs, mine) in recorded.Order(KeyOrder).Zip(ours.Order(KeyOrder)))
            Check(place, theirs, mine);
    }

    private void CheckValue(string place, JsonValue recorded, JsonValue ours)
    {
        if (Own.Any(name => place == name || place.EndsWith($".{name}", StringComparison.Ordinal)))
            return;
        if (recorded.GetValueKind() != JsonValueKind.String)
        {
            if (recorded.ToJsonString() != ours.ToJsonString())
                Tell(place, $"is {Short(ours)}, recorded is {Short(recorded)}");
            return;
        }
        var (theirs, mine) = (recorded.GetValue<string>(), ours.GetValue<string>());
        var isEqual = IsTime(theirs) ? IsTime(mine)
            : NameMap.IsId(theirs) ? names.Means(theirs, mine)
            : IsGenerated(theirs) ? IsGenerated(mine)
            : SoftwareVersion().IsMatch(theirs) ? mine.Length > 0
            : Commit().IsMatch(theirs) ? Commit().IsMatch(mine)
            : names.Translate(theirs) == mine;
        if (!isEqual)
            Tell(place, $"is {Short(ours)}, recorded is {Short(recorded)}");
    }

    private void Tell(string place, string text) => _found.Add(new Difference(place, text));

    /// <summary>By what tells items apart; items that nothing tells apart keep their order.</summary>
    private static readonly Comparer<JsonNode?> KeyOrder = Comparer<JsonNode?>.Create(static (left, right) => string.CompareOrdinal(KeyOf(left), KeyOf(right)));

    private static string KeyOf(JsonNode? item) => item is not JsonObject known ? ""
        : Keys.Select(key => known[key]).FirstOrDefault(value => value is JsonValue)?.ToString()
        ?? known.Select(property => property.Value is JsonObject inner ? KeyOf(inner) : "").FirstOrDefault(key => key.Length > 0, "");

    private static bool IsTime(string text) =>
        text.Length >= 20 && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether a platform made it up, for <c>generateValue</c>: 256 bits in base 64.</summary>
    private static bool IsGenerated(string text) => text.Length == 44 && text[^1] == '=' && Convert.TryFromBase64String(text, new byte[32], out _);

    private static JsonValueKind KindOf(JsonNode? node) =>
        node?.GetValueKind() switch { null => JsonValueKind.Null, JsonValueKind.False => JsonValueKind.True, { } kind => kind };

    private static string Join(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    private static string Short(JsonNode? node)
    {
        const int most = 160;
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= most ? text : $"{text[..most]}…";
    }

    /// <summary>Of a server that a platform has installed. What a client asks for has no dots.</summary>
    [GeneratedRegex(@"^\d+\.\d+\.\d+$")]
    private static partial Regex SoftwareVersion();

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex Commit();
}
