using Portico.Testing;

namespace Portico.Core.Tests.Repository.Texts;

/// <summary>Every text of the product, in the order of files and lines.</summary>
internal static class ProductTexts
{
    public static IReadOnlyList<SourceText> ReadAll() =>
    [
        .. Files("src", "*.cs").Where(IsWritten).SelectMany(file => CSharpTexts.In(file, Read(file)))
            .Concat(Scripts().SelectMany(file => ShellTexts.In(file, Read(file))))
            .Concat(Pages().SelectMany(file => PageTexts.In(file, Read(file))))
            .OrderBy(text => text.File, StringComparer.Ordinal).ThenBy(text => text.Line),
    ];

    private static IEnumerable<string> Scripts() => ["portico", "test", .. Files("eng", "*.sh"), .. Files("src", "*.sh"), .. Files("bench", "*").Where(IsScript)];

    private static IEnumerable<string> Pages() => ["README.md", "CONTRIBUTING.md", .. Files("docs", "*.md"), .. Files("examples", "README.md")];

    private static bool IsScript(string file) => Path.GetExtension(file) is "" or ".sh";

    // The tools of EF Core write migrations.
    private static bool IsWritten(string file) => !file.Contains("/Migrations/", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(SourceTree.PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(SourceTree.Root, file))
            .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));

    private static string Read(string file) => File.ReadAllText(SourceTree.PathOf(file));
}
