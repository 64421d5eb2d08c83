using System.Globalization;

namespace Portico.Edge.Sites;

/// <summary>Chooses the variant of a file by <c>Accept-Encoding</c> (RFC 9110, 12.5.3): the highest quality, then the smallest.</summary>
internal static class AcceptEncoding
{
    public static SiteVariant Choose(SiteEntry entry, string? header)
    {
        if (string.IsNullOrEmpty(header) || !entry.HasVariants)
            return entry.Identity;
        var (brotli, gzip, identity) = Read(header);
        var best = entry.Identity;
        var bestQuality = identity;
        Consider(entry.Gzip, gzip, ref best, ref bestQuality);
        Consider(entry.Brotli, brotli, ref best, ref bestQuality);
        return best;
    }

    private static void Consider(SiteVariant? variant, double quality, ref SiteVariant best, ref double bestQuality)
    {
        if (variant is null || quality <= 0 || quality < bestQuality)
            return;
        if (quality == bestQuality && variant.Length >= best.Length)
            return;
        best = variant;
        bestQuality = quality;
    }

    private static (double Brotli, double Gzip, double Identity) Read(string header)
    {
        double? brotli = null, gzip = null, identity = null, any = null;
        foreach (var part in header.AsSpan().Split(','))
        {
            var item = header.AsSpan()[part];
            var semicolon = item.IndexOf(';');
            var name = (semicolon < 0 ? item : item[..semicolon]).Trim();
            var quality = semicolon < 0 ? 1 : ReadQuality(item[(semicolon + 1)..]);
            if (name.Equals("br", StringComparison.OrdinalIgnoreCase))
                brotli = quality;
            else if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase))
                gzip = quality;
            else if (name.Equals("identity", StringComparison.OrdinalIgnoreCase))
                identity = quality;
            else if (name is "*")
                any = quality;
        }
        // Identity is acceptable without being listed, but any listed encoding comes first.
        return (brotli ?? any ?? 0, gzip ?? any ?? 0, identity ?? 0.0001);
    }

    private static double ReadQuality(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
            ? Math.Clamp(quality, 0, 1)
            : 1;
    }
}
