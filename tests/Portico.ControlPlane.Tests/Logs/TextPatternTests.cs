using CsCheck;
using Portico.ControlPlane.Logs;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class TextPatternTests
{
    [Theory]
    [InlineData("error", true, "error", true)]
    [InlineData("error", true, "errors", false)]
    [InlineData("ERROR", true, "error", true)]
    [InlineData("5*", true, "503", true)]
    [InlineData("5*", true, "453", false)]
    [InlineData("*.example.org", true, "a.example.org", true)]
    [InlineData("*.example.org", true, "example.org", false)]
    [InlineData("aba*aba", true, "aba", false)]
    [InlineData("*", true, "", true)]
    [InlineData("/users/*/orders", true, "/users/7/orders", true)]
    [InlineData("/^[45]\\d\\d$/", true, "404", true)]
    [InlineData("/^[45]\\d\\d$/", true, "200", false)]
    [InlineData("/", true, "/", true)]
    [InlineData("timed out", false, "it Timed Out again", true)]
    [InlineData("conn*refused", false, "the connection was refused", true)]
    [InlineData("conn*refused", false, "refused connection", false)]
    [InlineData("/time(d)? ?out/", false, "it timedout", true)]
    [InlineData("/TIME/", false, "time", false)]
    [InlineData("100%_", false, "100%_ sure", true)]
    public void Patterns_match(string pattern, bool whole, string text, bool expected) => Assert.Equal(expected, TextPattern.Parse(pattern, whole).Matches(text));

    [Theory]
    [InlineData("/(/")]
    [InlineData("/(a)\\1/")]
    [InlineData("/(?=a)b/")]
    public void What_cannot_be_used_is_told(string pattern) => Assert.Throws<FormatException>(() => TextPattern.Parse(pattern, whole: false));

    [Fact]
    public void Too_long_is_told() => Assert.Throws<FormatException>(() => TextPattern.Parse(new string('a', TextPattern.Longest + 1), whole: false));

    [Fact]
    public void A_hostile_expression_ends() => Assert.False(TextPattern.Parse("/^(a+)+$/", whole: false).Matches(new string('a', 50_000) + "b"));

    [Fact]
    public void Bytes_match_as_the_text_does() =>
        Gen.Select(Gen.String[Gen.Char["aB*é1"], 0, 5], Gen.String[Gen.Char["aAbBéÉ1ß\u212A"], 0, 40], Gen.Bool).Sample((given, text, whole) =>
        {
            var (pattern, folded) = (TextPattern.Parse(given, whole), new FoldedText());
            folded.Set(System.Text.Encoding.UTF8.GetBytes(text));
            Assert.Equal(pattern.Matches(text), pattern.Matches(folded));
            folded.Set(text);
            Assert.Equal(text, folded.ToString());
            Assert.Equal(pattern.Matches(text), pattern.Matches(folded));
        });

    [Fact]
    public void No_other_character_is_a_letter_of_ascii_in_another_case()
    {
        for (var character = 0x80; character <= char.MaxValue; character++)
            Assert.True(char.ToUpperInvariant((char)character) >= 0x80, $"U+{character:X4}");
    }

    [Fact]
    public void Wildcards_are_what_a_regular_expression_says() =>
        Gen.Select(Gen.String[Gen.Char["ab*"], 0, 8], Gen.String[Gen.Char["abc"], 0, 12], Gen.Bool).Sample((pattern, text, whole) =>
        {
            var expression = System.Text.RegularExpressions.Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal);
            var expected = System.Text.RegularExpressions.Regex.IsMatch(text, whole ? $"^({expression})$" : expression);
            Assert.Equal(expected, TextPattern.Parse(pattern, whole).Matches(text));
        });
}
