namespace Portico.Postgres.Tests;

public sealed class ScramVerifierTests
{
    // Salt, password and keys of the example exchange of RFC 7677, section 3.
    private const string Rfc =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    [Fact]
    public void It_is_what_the_standard_says()
    {
        var salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");

        Assert.Equal(Rfc, ScramVerifier.Create("pencil", salt).Text);
    }

    [Fact]
    public void It_knows_its_password()
    {
        Assert.True(ScramVerifier.Matches(Rfc, "pencil"));
        Assert.True(ScramVerifier.Matches(ScramVerifier.Create(" p'a$s:").Text, " p'a$s:"));
        Assert.False(ScramVerifier.Matches(Rfc, "pencils"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pencil")]
    [InlineData("md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("SCRAM-SHA-256$x:W22ZaJ0SNY7soEsUEjb6gQ==$a:b")]
    [InlineData("SCRAM-SHA-256$4096:%$a:b")]
    public void Whatever_else_is_stored_matches_nothing(string? stored) => Assert.False(ScramVerifier.Matches(stored, "pencil"));

    [Theory]
    [InlineData("")]
    [InlineData("naïve")]
    [InlineData("line\nbreak")]
    public void A_password_that_would_need_normalizing_is_refused(string password) =>
        Assert.Throws<ArgumentException>(() => ScramVerifier.Create(password));
}
