using CsCheck;
using Portico.Core.Ids;

namespace Portico.Core.Tests.Ids;

public sealed class IdBodyTests
{
    private static readonly Gen<byte[]> TwelveBytes = Gen.Byte.Array[12];

    [Theory]
    [InlineData("000000000000000000000000", "00000000000000000000")]
    [InlineData("ffffffffffffffffffffffff", "vvvvvvvvvvvvvvvvvvvg")]
    [InlineData("666f6f626172000000000000", "cpnmuoj1e80000000000")] // "foobar" of RFC 4648, padded with zeros
    public void Encodes_as_base_32_hex(string hex, string body) =>
        Assert.Equal(body, IdBody.Encode(Convert.FromHexString(hex)));

    [Fact]
    public void Every_body_is_valid() => TwelveBytes.Sample(bytes => IdBody.IsValid(IdBody.Encode(bytes)));

    [Fact]
    public void Bodies_sort_as_their_bytes_do() =>
        Gen.Select(TwelveBytes, TwelveBytes).Sample((left, right) =>
            Math.Sign(string.CompareOrdinal(IdBody.Encode(left), IdBody.Encode(right)))
                == Math.Sign(left.AsSpan().SequenceCompareTo(right)));

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000")]
    [InlineData("000000000000000000000")]
    [InlineData("0000000000000000000w")]
    [InlineData("0000000000000000000A")]
    [InlineData("000000000000000000/0")]
    [InlineData("0000000000000000000é")]
    public void Other_lengths_and_characters_are_invalid(string body) => Assert.False(IdBody.IsValid(body));

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void Encodes_twelve_bytes_only(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IdBody.Encode(new byte[length]));
}
