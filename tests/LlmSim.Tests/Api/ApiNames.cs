using System.Reflection;

namespace LlmSim.Tests.Api;

/// <summary>Types and parameters as C# writes them.</summary>
internal static class ApiNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return type.IsArray ? $"{Of(type.GetElementType()!)}[]" : Of(type.GetElementType()!);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Of(underlying)}?";
        }

        string name = Keywords.GetValueOrDefault(type, type.Name.Split('`')[0]);
        name = type is { IsNested: true, IsGenericParameter: false } ? $"{Of(type.DeclaringType!)}.{name}" : name;
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    public static string Of(MethodInfo method) => method.IsGenericMethod
        ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Of))}>"
        : method.Name;

    public static string Of(PropertyInfo property) => Of(property.PropertyType) + Mark(Nullability.Create(property));

    public static string Of(FieldInfo field) => Of(field.FieldType) + Mark(Nullability.Create(field));

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType) + Mark(Nullability.Create(parameter));

    public static string Of(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        (parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "")
        + $"{Of(parameter)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")));

    private static string Mark(NullabilityInfo info) => !info.Type.IsValueType && !info.Type.IsGenericParameter
        && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";
}
