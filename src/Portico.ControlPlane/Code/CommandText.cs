using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Core.DataStores;

namespace Portico.ControlPlane.Code;

/// <summary>Writes the <c>portico</c> command that sends a request. Tests run what it writes.</summary>
internal static class CommandText
{
    /// <param name="words">The command and its arguments, without <c>portico</c>.</param>
    /// <param name="body">The body of the request.</param>
    /// <param name="options">The options of the command by the fields of the body. A field without an option has the empty text if the
    /// words already say it. What is not listed cannot be written.</param>
    public static CodeText Write(IEnumerable<string> words, JsonElement body, IReadOnlyDictionary<string, string> options)
    {
        var lines = new List<string> { string.Join(' ', words.Select(ShellWord.Quote)) };
        foreach (var (field, value) in Fields(body, ""))
        {
            if (!options.TryGetValue(field, out var option))
                return CodeText.Not($"The command has no option for {field}.");
            if (option.Length > 0)
                lines.Add(Option(option, value));
        }
        return CodeText.Of($"portico {string.Join(" \\\n  ", lines)}");
    }

    /// <summary>A value that begins like an option or like the name of a file with options is written so that it is neither.</summary>
    private static string Option(string option, string value) =>
        value.StartsWith('-') || value.StartsWith('@') ? $"{option}={ShellWord.Quote(value)}" : $"{option} {ShellWord.Quote(value)}";

    private static IEnumerable<(string Field, string Value)> Fields(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(item => Fields(item.Value, field.Length == 0 ? item.Name : $"{field}.{item.Name}")),
        JsonValueKind.Array => value.EnumerateArray().Select((item, i) => Variable(item) is { } variable ? (field, variable) : ($"{field}[{i}]", "")),
        JsonValueKind.String => [(field, value.GetString()!)],
        JsonValueKind.Null => [(field, "")],
        _ => [(field, value.GetRawText())],
    };

    /// <returns>Null if the item is anything but a variable with a value.</returns>
    private static string? Variable(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.EnumerateObject().Count() == 2
        && item.TryGetProperty("key", out var key) && item.TryGetProperty("value", out var value)
            ? $"{key.GetString()}={value.GetString()}"
            : null;
}
