namespace Portico.Blueprint.Tests;

/// <summary>render.yaml files as people write them.</summary>
internal static class CorpusFiles
{
    public static IReadOnlyList<(string Name, string Text)> Read()
    {
        if (SourceRoot.Corpus is not { } directory)
        {
            Assert.False(SourceRoot.IsCi, "the collected render.yaml files are missing");
            Assert.Skip("the collected render.yaml files are not on this machine");
            return [];
        }
        return Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileNameWithoutExtension(path), File.ReadAllText(path))).ToList();
    }
}
