namespace Portico.ControlPlane.Platform;

/// <summary>Shortens a text to what fits into a list.</summary>
internal static class FirstLine
{
    private const int Longest = 200;

    public static string? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var first = text.Trim().Split(['\r', '\n'], 2)[0];
        return first.Length <= Longest ? first : $"{first[..(Longest - 1)]}…";
    }
}
