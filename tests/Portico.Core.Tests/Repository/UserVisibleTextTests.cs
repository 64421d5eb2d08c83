using Portico.Core.Tests.Repository.Texts;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>
/// Lists every text that a person can read in <c>artifacts/user-visible-strings.txt</c> (<c>eng/strings</c> prints it)
/// and checks how it is written.
/// </summary>
public sealed class UserVisibleTextTests
{
    /// <summary>Files and folders whose texts follow <see cref="TextRules"/>. What is not listed has not been revised yet.</summary>
    private static readonly string[] Revised =
    [
        "docs/blueprint.md",
        "docs/cli.md",
        "src/Portico.Api.Contracts/",
        "src/Portico.Blueprint/",
        "src/Portico.Cli/",
        "src/Portico.ControlPlane/",
        "src/Portico.Core/Access/",
        "src/Portico.Core/DataStores/",
        "src/Portico.Core/Deploys/",
        "src/Portico.Core/Ids/",
        "src/Portico.Core/Jobs/",
        "src/Portico.Core/Notifications/",
        "src/Portico.Core/Plans/",
        "src/Portico.Core/Routing/",
        "src/Portico.Core/Scaling/",
        "src/Portico.Core/Services/",
        "src/Portico.Core/Sleep/",
        "src/Portico.Core/Variables/",
        "src/Portico.Edge/",
        "src/Portico.Hosting/",
        "src/Portico.Server/",
    ];

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
        var faults = All.Where(IsRevised)
            .SelectMany(text => TextRules.Faults(text).Select(fault => $"{text} ({fault})")).ToArray();

        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Revised_places_exist() => Assert.All(Revised, path => Assert.True(Path.Exists(SourceTree.PathOf(path)), path));

    private static bool IsRevised(SourceText text) => Revised.Any(path => text.File.StartsWith(path, StringComparison.Ordinal));
}
