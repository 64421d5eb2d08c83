using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>Compares two versions of a service's settings, in the words of the file.</summary>
public static class ServiceDifference
{
    public static ValueList<FieldChange> Between(ServiceSpec before, ServiceSpec after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return FieldDiff.Of(FieldList.Of(before), FieldList.Of(after));
    }
}
