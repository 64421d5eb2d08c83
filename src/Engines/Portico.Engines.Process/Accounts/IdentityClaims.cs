using Portico.Hosting;

namespace Portico.Engines.Process.Accounts;

/// <summary>Where the platforms of one machine tell each other which account numbers they use.</summary>
internal sealed class IdentityClaims(EngineHome home)
{
    private const string Root = MachineLock.Directory + "/account-numbers", Suffix = ".json";

    /// <returns>The home of another platform that uses a number of the range; null if none does.</returns>
    public string? Holder(IdentityRange range) =>
        Files().Where(file => file != Own).Select(file => JsonFile.Read<Claim>(file)).OfType<Claim>()
            .FirstOrDefault(claim => claim.First <= range.Last && claim.Last >= range.First && Directory.Exists(claim.Home))?.Home;

    public void Add(IdentityRange range)
    {
        EngineHome.MakePrivate(MachineLock.Directory);
        EngineHome.MakePrivate(Root);
        foreach (var file in Files())
            if (JsonFile.Read<Claim>(file) is not { } claim || !Directory.Exists(claim.Home))
                File.Delete(file);
        JsonFile.WriteUnflushed(Own, new Claim(home.Root, range.First, range.Last));
    }

    /// <summary>Frees the numbers. Call it when nothing belongs to them any more.</summary>
    public void Remove()
    {
        if (File.Exists(Own))
            File.Delete(Own);
    }

    private string Own => Path.Combine(Root, home.Tag + Suffix);

    /// <summary>The complete claims. Another platform may be writing its own under another name.</summary>
    private static string[] Files() => DirectoryEntries.Files(Root, "*" + Suffix);

    private sealed record Claim(string Home, uint First, uint Last);
}
