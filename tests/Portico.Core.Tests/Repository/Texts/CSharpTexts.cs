using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portico.Core.Tests.Repository.Texts;

/// <summary>Finds the texts in a C# file: every string of at least two words, and every documentation comment.</summary>
internal static partial class CSharpTexts
{
    private static readonly string[] ShownAttributes = ["LoggerMessage", "Description", "EndpointSummary", "EndpointDescription"];

    public static IEnumerable<SourceText> In(string file, string source)
    {
        var root = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Parse)).GetRoot();
        var strings = root.DescendantNodes().OfType<ExpressionSyntax>().Where(IsWhole).Where(IsShown)
            .Select(node => new SourceText(file, LineOf(node), KindOf(node), TextOf(node)))
            .Where(text => IsProse(text.Text));
        var comments = root.DescendantNodes(descendIntoTrivia: true).OfType<DocumentationCommentTriviaSyntax>()
            .Select(node => new SourceText(file, LineOf(node), TextKind.Documentation, CommentOf(node)));
        return strings.Concat(comments);
    }

    // Parts that are joined by `+` are one text.
    private static bool IsWhole(ExpressionSyntax node) => IsText(node) && !IsText(node.Parent);

    private static bool IsText(SyntaxNode? node) => node switch
    {
        LiteralExpressionSyntax literal => literal.Token.Value is string,
        InterpolatedStringExpressionSyntax => true,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => IsText(sum.Left) || IsText(sum.Right),
        _ => false,
    };

    private static bool IsShown(ExpressionSyntax node) =>
        node.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute || ShownAttributes.Contains(attribute.Name.ToString());

    private static TextKind KindOf(ExpressionSyntax node)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>()?.Name.ToString() == "LoggerMessage")
            return TextKind.Log;
        if (node.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "Description" } })
            return TextKind.Description;
        return node.Parent is ArgumentSyntax { Parent.Parent: ObjectCreationExpressionSyntax { Type: IdentifierNameSyntax { Identifier.Text: "Command" } } }
            ? TextKind.Description
            : TextKind.Message;
    }

    private static string TextOf(ExpressionSyntax node) => node switch
    {
        LiteralExpressionSyntax { Token.Value: string value } => value,
        InterpolatedStringExpressionSyntax interpolated => string.Concat(interpolated.Contents.Select(TextOf)),
        BinaryExpressionSyntax sum when IsText(sum) => TextOf(sum.Left) + TextOf(sum.Right),
        _ => Hole(node),
    };

    private static string TextOf(InterpolatedStringContentSyntax content) => content switch
    {
        InterpolatedStringTextSyntax text => text.TextToken.ValueText,
        InterpolationSyntax interpolation => Hole(interpolation.Expression),
        _ => "",
    };

    private static string Hole(ExpressionSyntax expression)
    {
        var code = Spaces().Replace(expression.ToString(), " ");
        return code.Length > 40 ? "{…}" : $"{{{code}}}";
    }

    private static string CommentOf(DocumentationCommentTriviaSyntax comment)
    {
        var text = new StringBuilder();
        foreach (var token in comment.DescendantTokens().Where(token => token.IsKind(SyntaxKind.XmlTextLiteralToken)))
            text.Append(token.ValueText);
        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    private static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static bool IsProse(string text) => TwoWords().IsMatch(text) && !Machine().IsMatch(text);

    [GeneratedRegex(@"\p{L}{2,}[,;:.)'’`]* [(`'{]?\p{L}")]
    private static partial Regex TwoWords();

    // SQL, scripts, content types, date formats, HTTP headers and regular expressions.
    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|ATTACH|VACUUM|BEGIN|GRANT|REVOKE|WITH|SET|DO|COMMENT ON|ORDER BY|WHERE|AND|REASSIGN|#!|#compdef|_portico|complete -c|set -|trap |\w+/[\w.+-]+;|d+ M|no-(cache|store)|public, max-age)\b|\(\?|max-age=|-src '")]
    private static partial Regex Machine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
