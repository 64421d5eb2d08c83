using System.Security.Cryptography;
using System.Text;
using Portico.Hosting;

namespace Portico.ControlPlane.Access;

/// <summary>The API key of the machine's owner, stored in a file that only the owner can read.</summary>
internal sealed class OwnerKey
{
    private readonly byte[] _digest;

    private OwnerKey(string key) => _digest = Digest(key);

    /// <summary>Reads the key, and creates it first if it does not exist.</summary>
    public static OwnerKey LoadOrCreate(string file)
    {
        // Empty, as a loss of power may leave it, it would let anybody in who presents nothing.
        if (!File.Exists(file) || string.IsNullOrWhiteSpace(File.ReadAllText(file)))
            Create(file);
        return new OwnerKey(File.ReadAllText(file).Trim());
    }

    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(_digest, Digest(presented));

    private static void Create(string file) =>
        DurableFile.Write(file, Encoding.ASCII.GetBytes($"{KeyText.Create()}\n"), DurableFile.Private);

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
