using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>A class that needs many others does many things, and is split along them.</summary>
public sealed class ConstructorTests
{
    private const int Most = 8;

    [Fact]
    public void No_constructor_has_more_than_eight_parameters()
    {
        var tooLong = Directory.EnumerateFiles(SourceTree.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(Constructors).Where(item => item.Parameters > Most).Select(item => $"{item.Class}: {item.Parameters}").Order();

        Assert.Empty(tooLong);
    }

    /// <summary>Records are values: they have as many parameters as they have properties.</summary>
    private static IEnumerable<(string Class, int Parameters)> Constructors(string file)
    {
        var classes = CSharpSyntaxTree.ParseText(File.ReadAllText(file), new CSharpParseOptions(LanguageVersion.Preview)).GetRoot()
            .DescendantNodes().OfType<ClassDeclarationSyntax>();
        foreach (var item in classes)
        {
            if (item.ParameterList is { } primary)
                yield return (item.Identifier.Text, primary.Parameters.Count);
            foreach (var constructor in item.Members.OfType<ConstructorDeclarationSyntax>())
                yield return (item.Identifier.Text, constructor.ParameterList.Parameters.Count);
        }
    }
}
