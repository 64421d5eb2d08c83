using Portico.Cli.Hosting;
using Portico.Cli.Variables;

namespace Portico.Cli.Tests;

public sealed class EnvFileTests
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("export A=1", "1")]
    [InlineData("  A = 1  ", "1")]
    [InlineData("A=", "")]
    [InlineData("A= # nothing", "")]
    [InlineData("A=one two # comment", "one two")]
    [InlineData("A=p#ss", "p#ss")]
    [InlineData("A=#fff", "#fff")]
    [InlineData("A=x=y", "x=y")]
    [InlineData("A='$HOME \\n # \"x\"' # comment", "$HOME \\n # \"x\"")]
    [InlineData("A=\"one\\ntwo \\\"x\\\" \\$y \\\\ \\d\"", "one\ntwo \"x\" $y \\ \\d")]
    [InlineData("A=\"first\nsecond\"", "first\nsecond")]
    [InlineData("A='first\r\nsecond'", "first\nsecond")]
    [InlineData("# comment\n\n\ufeffA=1\n", "1")]
    [InlineData("A=1\r\nA=2\r\n", "2")]
    public void A_value_is_read_as_other_tools_read_it(string text, string value) =>
        Assert.Equal(new Dictionary<string, string> { ["A"] = value }, EnvFile.Parse(text, ".env"));

    [Theory]
    [InlineData("A=1\nsecret", ".env, line 2: has no '='.")]
    [InlineData("A=1\n\nB='secret", ".env, line 3: sets B to a value without a closing '.")]
    [InlineData("A=\"x\ny\" secret", ".env, line 2: has text after the closing quote of A.")]
    public void A_line_that_is_no_variable_is_named_without_its_content(string text, string message)
    {
        var error = Assert.Throws<CliException>(() => EnvFile.Parse(text, ".env"));
        Assert.Equal((message, ExitCode.Usage), (error.Message, error.ExitCode));
    }

    [Fact]
    public void A_line_with_an_invalid_name_is_refused_without_its_content()
    {
        var message = Assert.Throws<CliException>(() => EnvFile.Parse("my secret==", ".env")).Message;
        Assert.StartsWith(".env, line 1: does not begin with a valid name: use letters", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(20);
        const string Letters = "ab $#='\"\\\n\r\tü{}`!;&%";
        for (var round = 0; round < 2000; round++)
        {
            var values = Enumerable.Range(0, 3).ToDictionary(
                number => $"KEY_{number}", _ => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Letters[random.Next(Letters.Length)])));
            Assert.Equal(values, EnvFile.Parse(EnvFile.Write(values), ".env"));
        }
    }

    [Fact]
    public void Simple_values_are_written_without_quotes() =>
        Assert.Equal("URL=https://example.com:8080/a\n", EnvFile.Write([KeyValuePair.Create("URL", "https://example.com:8080/a")]));
}
