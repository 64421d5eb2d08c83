using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portico.RenderApi.Tests.Fuzz;

/// <summary>Makes a body wrong: in its values, its shape, or its text.</summary>
internal static class JsonMutation
{
    private static readonly JsonSerializerOptions Lenient = new() { MaxDepth = 1_000, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Apply(JsonNode? body, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
            body = MutateTree(body, random);
        var text = body?.ToJsonString(Lenient) ?? "null";
        return random.Next(4) == 0 ? MutateText(text, random) : Encoding.UTF8.GetBytes(text);
    }

    private static JsonNode? MutateTree(JsonNode? body, Random random)
    {
        var places = Places(body).ToList();
        if (places.Count == 0 || random.Next(12) == 0)
            return Junk(random);
        var place = places[random.Next(places.Count)];
        if (place is JsonObject target && (target.Count == 0 || random.Next(4) == 0))
            target[random.Next(2) == 0 ? "noSuchField" : ValidName(HostileText.Pick(random))] = Junk(random);
        else if (place is JsonObject filled)
            MutateField(filled, filled.ElementAt(random.Next(filled.Count)).Key, random);
        else if (place is JsonArray { Count: > 0 } array && random.Next(2) == 0)
            array[random.Next(array.Count)] = Junk(random);
        else if (place is JsonArray list)
            list.Add(list.Count > 0 && random.Next(2) == 0 ? list[0]?.DeepClone() : Junk(random));
        return body;
    }

    private static void MutateField(JsonObject target, string name, Random random)
    {
        if (random.Next(4) == 0)
            target.Remove(name);
        else
            target[name] = Junk(random);
    }

    private static IEnumerable<JsonNode> Places(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Select(field => field.Value).SelectMany(Places).Prepend(fields),
        JsonArray items => items.SelectMany(Places).Prepend(items),
        _ => [],
    };

    private static JsonNode? Junk(Random random) => random.Next(14) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => 0,
        3 => -1,
        4 => long.MaxValue,
        5 => JsonNode.Parse("1e400"),
        6 => 1.5,
        7 => new JsonArray(),
        8 => new JsonObject(),
        9 => new JsonArray([.. Enumerable.Range(0, random.Next(300)).Select(_ => (JsonNode?)HostileText.Pick(random)[..0])]),
        10 => Nested(random.Next(1, 100)),
        _ => ValidName(HostileText.Pick(random)),
    };

    private static JsonNode Nested(int depth)
    {
        JsonNode node = new JsonArray();
        for (; depth > 0; depth--)
            node = depth % 2 == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        return node;
    }

    /// <summary>A lone surrogate cannot be written as a value; the text mutations send it as an escape.</summary>
    private static string ValidName(string text) => string.Concat(text.EnumerateRunes());

    private static byte[] MutateText(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (random.Next(10))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                return [];
            case 2:
                return [.. bytes, .. bytes];
            case 3:
                return Encoding.Unicode.GetBytes(text);
            case 4:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            case 5:
                return Encoding.UTF8.GetBytes(text.Replace(":\"", ":\"\\ud800", StringComparison.Ordinal));
            case 6:
                return Encoding.UTF8.GetBytes(text.StartsWith('{') && text.Length > 2 ? $"{text[..^1]},{text[1..]}" : text); // every field twice
            case 7:
                return Encoding.UTF8.GetBytes(new string('[', random.Next(1, 100_000)));
            case 8:
                return Encoding.UTF8.GetBytes(text.Replace("\"", "'", StringComparison.Ordinal));
            default:
                if (bytes.Length > 0)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
        }
    }
}
