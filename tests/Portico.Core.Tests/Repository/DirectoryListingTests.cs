using System.Text.RegularExpressions;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>A directory can disappear between the question whether it exists and the reading, so all code lists directories in one way.</summary>
public sealed partial class DirectoryListingTests
{
    [Fact]
    public void The_product_lists_directories_only_through_DirectoryEntries()
    {
        var others = Directory.EnumerateFiles(SourceTree.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "DirectoryEntries.cs" && Listing().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(SourceTree.PathOf("src"), file)).Order();

        Assert.Empty(others);
    }

    [GeneratedRegex(@"\bDirectory\.(Get|Enumerate)(Files|Directories)\b")]
    private static partial Regex Listing();
}
