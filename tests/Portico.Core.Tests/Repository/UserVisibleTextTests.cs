using Portico.Core.Tests.Repository.Texts;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>
/// Lists every text that a person can read in <c>artifacts/user-visible-strings.txt</c> (<c>eng/strings</c> prints it)
/// and checks how it is written.
/// </summary>
public sealed class UserVisibleTextTests
{
    /// <summary>The page that names the words to avoid.</summary>
    private const string WordList = "docs/glossary.md";

    private static readonly IReadOnlyList<SourceText> All = ProductTexts.ReadAll();

    [Fact]
    public void Every_text_is_listed_with_its_place()
    {
        var shown = All.Where(text => text.Kind is not (TextKind.Documentation or TextKind.Page)).Select(text => text.ToString()).ToArray();

        File.WriteAllLines(SourceTree.PathOf("artifacts", "user-visible-strings.txt"), shown);

        Assert.NotEmpty(shown);
    }

    [Fact]
    public void Texts_are_plain_English()
    {
        var faults = All.Where(text => text.File != WordList)
            .SelectMany(text => TextRules.Faults(text).Select(fault => $"{text} ({fault})")).ToArray();

        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }
}
