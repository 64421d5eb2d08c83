namespace Portico.Blueprint.Syntax;

/// <summary>
/// A file of another tool that was given in place of a render.yaml. Without recognizing it, each of its fields would be
/// reported as unknown, and the user would not learn what the mistake was.
/// </summary>
/// <param name="Name">With its article, for example <c>a Docker Compose file</c>.</param>
/// <param name="Advice">How its content is written in a render.yaml.</param>
internal sealed record ForeignFile(string Name, string Advice)
{
    /// <returns>Null when the text is a Blueprint, or nothing that is known.</returns>
    /// <param name="root">The tree of the text; null when it is not YAML.</param>
    public static ForeignFile? Recognize(string text, YamlNode? root)
    {
        if (root is not YamlMap map)
            return ForeignText.Recognize(text);
        return ForeignYaml.Recognize(map) ?? (IsFlat(map) ? ForeignText.Recognize(text) : null);
    }

    /// <summary>Whether it may be lines of text that happen to be a mapping, as a Procfile is.</summary>
    private static bool IsFlat(YamlMap map) => map.Entries.All(entry => entry.Value is YamlScalar);
}
